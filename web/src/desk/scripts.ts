import type { DeskApi } from "./api";
import type { Script } from "./model";
import type { Part } from "./part";

export interface ScriptsOptions {
  api: DeskApi;
  refused(error: unknown): void;
  changed(): void;
}

const SEARCH_AFTER_MS = 250;

/** The bank's scripts: those that fit the customer's last message, and by a word. */
export class Scripts implements Part {
  found: Script[] = [];
  suggested: Script[] = [];
  /** The message by which they are suggested. */
  private followed = "";
  query = "";
  private timer: ReturnType<typeof setTimeout> | null = null;
  private searches = 0;

  constructor(private readonly options: ScriptsOptions) {}

  start(): void {}

  /** Signed out: whoever comes next does not see what was looked for. */
  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.searches += 1; // An answer that is under way comes too late.
    this.query = "";
    this.found = [];
    this.followed = "";
    this.suggested = [];
  }

  go(): void {}

  hurry(): void {}

  /** Words are typed letter by letter: the question waits for the end of the word. */
  type(query: string): void {
    this.query = query;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.search(query.trim()), SEARCH_AFTER_MS);
    this.options.changed();
  }

  /** Looks up what fits the message `seq`, once for each; what was suggested for another is gone at once. */
  follow(id: string, seq: number): void {
    const message = `${id}/${seq}`;
    if (message === this.followed) return;
    this.followed = message;
    this.suggested = [];
    this.options.api.suggestions(id).then(
      (scripts) => {
        if (message !== this.followed) return;
        this.suggested = scripts;
        this.options.changed();
      },
      (error: unknown) => this.options.refused(error),
    );
  }

  private async search(query: string): Promise<void> {
    this.searches += 1;
    const mine = this.searches;
    const scripts = await this.options.api.scripts(query).catch((error: unknown) => {
      this.options.refused(error);
      return [];
    });
    if (mine !== this.searches) return; // A later search is under way: its answer counts.
    this.found = scripts;
    this.options.changed();
  }
}
