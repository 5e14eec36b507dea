import type { DeskApi } from "../api";
import type { Drafts } from "../drafts";
import type { Part } from "../part";
import type { Place } from "../place";
import { Check } from "./check";
import { Colleagues } from "./colleagues";
import { Lookback } from "./lookback";
import { Newspaper } from "./news";
import { Replies } from "./replies";

export interface ToolsOptions {
  api: DeskApi;
  drafts(): Drafts;
  refused(error: unknown): void;
  words(error: unknown): string;
  isSignedOut(error: unknown): boolean;
  onSignedOut(): void;
  changed(): void;
}

/** What an agent has in hand all day. */
export class Tools implements Part {
  readonly replies: Replies;
  readonly news: Newspaper;
  readonly check: Check;
  readonly colleagues: Colleagues;
  readonly lookback: Lookback;

  constructor(private readonly options: ToolsOptions) {
    this.replies = new Replies(options);
    this.news = new Newspaper(options);
    this.check = new Check(options);
    this.colleagues = new Colleagues(options);
    this.lookback = new Lookback(options);
  }

  start(): void {
    void this.replies.load();
    this.news.start();
  }

  stop(): void {
    this.replies.forget();
    this.news.stop();
    this.check.forget();
    this.colleagues.forget();
    this.lookback.shut();
  }

  go(place: Place): void {
    this.lookback.go(place);
  }

  hurry(): void {
    void this.news.load();
  }

  /** A customer has been taken: the greeting stands ready to be sent, unless something is written there already. */
  async greet(id: string, reason: string): Promise<void> {
    const drafts = this.options.drafts();
    await this.replies.loaded; // Who takes a customer right after his sign-in is faster than they.
    const greeting = this.replies.greeting(reason);
    if (!greeting || drafts.text(id)) return;
    drafts.write(id, greeting);
    this.options.changed();
  }
}
