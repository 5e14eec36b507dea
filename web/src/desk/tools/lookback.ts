import type { DeskApi } from "../api";
import type { FormerTalk } from "../model";
import type { Place } from "../place";

export interface LookbackOptions {
  api: DeskApi;
  words(error: unknown): string;
  isSignedOut(error: unknown): boolean;
  onSignedOut(): void;
  changed(): void;
}

/** An earlier conversation of a customer, read beside the one that is open. Each reading goes on record. */
export class Lookback {
  /** Null until the server has sent it. */
  talk: FormerTalk | null = null;
  trouble = "";
  private beside = "";
  private id = "";
  private asked = 0;

  constructor(private readonly options: LookbackOptions) {}

  shows(beside: string, id: string): boolean {
    return this.id === id && this.beside === beside;
  }

  async open(beside: string, id: string): Promise<void> {
    this.shut();
    [this.beside, this.id] = [beside, id];
    const { asked, options } = this;
    options.changed();
    try {
      const talk = await options.api.formerTalk(beside, id);
      if (asked !== this.asked) return;
      this.talk = talk;
    } catch (error) {
      if (asked !== this.asked) return;
      if (options.isSignedOut(error)) return options.onSignedOut();
      this.trouble = options.words(error);
    }
    options.changed();
  }

  shut(): void {
    this.asked += 1; // An answer that is under way comes too late.
    [this.beside, this.id, this.talk, this.trouble] = ["", "", null, ""];
    this.options.changed();
  }

  /** It goes with the conversation beside which it was read. */
  go(place: Place): void {
    if (this.id && !(place.view === "talks" && place.conversation === this.beside)) this.shut();
  }
}
