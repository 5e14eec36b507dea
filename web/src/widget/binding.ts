import { backoff, retryAfter } from "../shared/backoff";
import { isTransient, Problem } from "../shared/problem";
import type { ChatApi } from "./api";
import type { Memory } from "./memory";

export interface BindingOptions {
  api: ChatApi;
  memory: Memory;
  /** The conversation cannot become this customer's: it has ended, or is somebody else's. The next one may. */
  onOther(why: "closed" | "foreign"): void;
  /** Tried, with whatever outcome: nothing need wait for it any longer. */
  onTried(): void;
}

/** Tells the server whose the conversation is, by the link that the bank gave the customer: once, and quietly. */
export class Binding {
  /** What was typed before this moment may be somebody else's. */
  since = Date.now();
  private link: string;
  private token: string | null = null;
  private busy = false;
  private wake: (() => void) | null = null;
  private moved = "";
  private readonly settled = new Set<string>();

  constructor(private readonly options: BindingOptions) {
    this.link = options.memory.tab("customer");
  }

  get open(): boolean {
    return this.link !== "";
  }

  give(link: string): void {
    if (link === this.link || this.settled.has(link)) return;
    this.link = link;
    this.since = Date.now();
    this.options.memory.setTab("customer", link);
    this.wake?.();
    void this.pump();
  }

  /** A conversation that the server knows and that has not ended: from here on a 401 can only mean the link. */
  meet(token: string): void {
    if (token === this.token) return;
    this.token = token;
    void this.pump();
  }

  leave(): void {
    this.token = null;
    this.wake?.();
  }

  hurry(): void {
    this.wake?.();
  }

  private async pump(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let attempt = 0; this.link && this.token; attempt += 1) {
      const { link, token } = this;
      const wait = await this.tell(link, token, attempt);
      if (this.token !== token) attempt = -1;
      else if (attempt === 0) this.options.onTried();
      if (wait > 0 && this.link === link && this.token === token) await this.sleep(wait);
    }
    this.busy = false;
  }

  /** Milliseconds to wait before the next try. */
  private async tell(link: string, token: string, attempt: number): Promise<number> {
    try {
      await this.options.api.bind(token, link);
    } catch (error) {
      if (this.token !== token) return 0;
      if (isTransient(error)) return backoff(attempt);
      if (error instanceof Problem) {
        if (error.status === 429) return Math.max(500, retryAfter(error.retryAfterHeader, Date.now()));
        if (error.status === 404) return this.other(null);
        if (error.status === 409 && error.says("conversation-closed")) return this.other("closed");
        if (error.status === 409 && this.moved !== link) {
          this.moved = link;
          return this.other("foreign");
        }
      }
    }
    this.forget(link);
    return 0;
  }

  private other(why: "closed" | "foreign" | null): number {
    this.token = null;
    if (why) this.options.onOther(why);
    return 0;
  }

  private forget(link: string): void {
    this.settled.add(link);
    if (this.link !== link) return;
    this.link = "";
    this.options.memory.setTab("customer", "");
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }
}
