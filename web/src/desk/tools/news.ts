import type { DeskApi } from "../api";
import type { News } from "./model";

export interface NewsOptions {
  api: DeskApi;
  refused(error: unknown): void;
  changed(): void;
}

const LOOK_EVERY_MS = 5 * 60_000;

/** What changed today in what the bank says, and which of it this agent has read. */
export class Newspaper {
  all: readonly News[] = [];
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly options: NewsOptions) {}

  get unread(): number {
    return this.all.filter((one) => !one.seen).length;
  }

  start(): void {
    this.stop();
    void this.load();
    this.timer = setInterval(() => void this.load(), LOOK_EVERY_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.all = [];
  }

  /** A look that failed is repeated by the next one: news is no reason to disturb. */
  async load(): Promise<void> {
    const news = await this.options.api.news().catch(() => null);
    if (!news || !this.timer) return;
    this.all = news;
    this.options.changed();
  }

  /** The receipt for everything that is shown. */
  async read(): Promise<void> {
    const keys = this.all.filter((one) => !one.seen).map((one) => one.key);
    if (keys.length === 0) return;
    try {
      await this.options.api.newsSeen(keys);
      this.all = this.all.map((one) => (keys.includes(one.key) ? { ...one, seen: true } : one));
      this.options.changed();
    } catch (error) {
      this.options.refused(error);
    }
  }
}
