import type { Labels } from "./labels.zh";
import { isSignedOut, refusal } from "./refusal";
import { Toast } from "./toast";

export interface AttemptsOptions {
  labels(): Labels;
  /** The name of who is signed in, or "". */
  username(): string;
  onSignedOut(): void;
  changed(): void;
}

/** What is tried on the server, and what is said when it is refused. */
export class Attempts {
  busy = false;
  readonly toast = new Toast(() => this.options.changed());

  constructor(private readonly options: AttemptsOptions) {}

  /** Does a deed; false when it was refused, which has been said by then. */
  async attempt(deed: () => Promise<unknown>): Promise<boolean> {
    this.turn(true);
    try {
      await deed();
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    } finally {
      this.turn(false);
    }
  }

  turn(busy: boolean): void {
    this.busy = busy;
    this.options.changed();
  }

  refused(error: unknown): void {
    if (isSignedOut(error)) this.options.onSignedOut();
    else this.toast.say(this.words(error));
  }

  words(error: unknown): string {
    return refusal(error, this.options.labels(), this.options.username());
  }
}
