import type { DeskApi } from "../api";
import { MOMENTS, type Moment, type Reply } from "./model";

export interface RepliesOptions {
  api: DeskApi;
  refused(error: unknown): void;
  changed(): void;
}

/** What the bank's agents say every day, filled in for this one; looked up again whenever they are opened. */
export class Replies {
  all: readonly Reply[] = [];
  /** What was asked for last has come, or will not. */
  loaded: Promise<void> = Promise.resolve();

  constructor(private readonly options: RepliesOptions) {}

  load(): Promise<void> {
    this.loaded = this.read();
    return this.loaded;
  }

  private async read(): Promise<void> {
    try {
      this.all = await this.options.api.replies();
      this.options.changed();
    } catch (error) {
      this.options.refused(error);
    }
  }

  forget(): void {
    this.all = [];
  }

  /** What stands ready in the reply when a customer has been taken who came for this reason. */
  greeting(reason: string): string {
    const greetings = this.all.filter((one) => one.when.includes("claim"));
    const fits = greetings.find((one) => one.reasons.includes(reason));
    return (fits ?? greetings.find((one) => one.reasons.length === 0))?.text ?? "";
  }

  /** By the moment for which they are meant; one that is meant for none stands last. */
  get groups(): { moment: Moment | null; replies: Reply[] }[] {
    const of = (moment: Moment | null) =>
      this.all.filter((one) => (moment ? one.when.includes(moment) : one.when.length === 0));
    return [...MOMENTS, null]
      .map((moment) => ({ moment, replies: of(moment) }))
      .filter((group) => group.replies.length > 0);
  }
}
