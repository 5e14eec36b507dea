import { backoff, retryAfter } from "../shared/backoff";
import { uuid } from "../shared/ids";
import { isTransient, Problem } from "../shared/problem";
import type { MessageBody } from "./api";
import type { Kept, Memory } from "./memory";

export type OutgoingStatus = "waiting" | "sending" | "sent" | "failed";

export interface Outgoing extends Kept {
  status: OutgoingStatus;
  /** Why it failed, in the server's words; why it waits, as a word for the page. */
  detail: string;
  /** Known once the server acknowledged it; the message leaves the list when its event arrives. */
  seq: number | null;
  attempts: number;
  /** The end of the log when it was first sent: a later event of the customer's is this very message. */
  sentAfter: number | null;
}

export interface OutboxOptions {
  memory: Memory;
  post(item: Outgoing): Promise<number>;
  lastSeq(): number;
  /** The conversation does not take this any more: expired or closed. The item stays waiting. */
  onRefused(why: "expired" | "closed"): void;
  changed(): void;
}

/** Sends one after the other, in order, each until it is acknowledged or refused for a reason of its own. */
export class Outbox {
  items: Outgoing[] = [];
  private busy = false;
  private paused = true;
  private wake: (() => void) | null = null;
  /** The server asked to wait: nothing shortens that. */
  private held = false;

  constructor(private readonly options: OutboxOptions) {
    this.items = options.memory
      .unsent()
      .map((kept) => ({ ...kept, status: "waiting", detail: "", seq: null, attempts: 0, sentAfter: null }));
  }

  add(body: MessageBody, shown: string): void {
    const item: Outgoing = {
      key: uuid(),
      body,
      shown,
      at: Math.max(Date.now(), (this.items[this.items.length - 1]?.at ?? 0) + 1),
      status: "waiting",
      detail: "",
      seq: null,
      attempts: 0,
      sentAfter: null,
    };
    this.items.push(item);
    this.options.memory.keepUnsent({ key: item.key, body, shown, at: item.at });
    this.options.changed();
    void this.pump();
  }

  retry(key: string): void {
    const item = this.items.find((one) => one.key === key && one.status === "failed");
    if (!item) return;
    item.status = "waiting";
    item.detail = "";
    this.options.changed();
    void this.pump();
  }

  discard(key: string): void {
    this.items = this.items.filter((one) => one.key !== key || one.status !== "failed");
    this.options.memory.forgetUnsent(key);
    this.options.changed();
  }

  /** What was sent and now stands in the log is no longer ours to show. */
  settle(inLog: (seq: number) => boolean): void {
    this.items = this.items.filter((one) => one.seq === null || !inLog(one.seq));
  }

  /** A new conversation: texts and the wish for a person go with the customer, other choices mean nothing there. */
  moveToNewConversation(): void {
    const goes = (item: Outgoing) =>
      item.status !== "sent" && ("text" in item.body || item.body.choice === "human");
    for (const item of this.items) if (!goes(item)) this.options.memory.forgetUnsent(item.key);
    this.items = this.items.filter(goes);
  }

  /** What was typed earlier is not this customer's: it is neither sent nor shown in his name. */
  forgetBefore(moment: number): void {
    const theirs = this.items.filter((item) => item.at < moment);
    for (const item of theirs) this.options.memory.forgetUnsent(item.key);
    this.items = this.items.filter((item) => item.at >= moment);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.hurry();
  }

  hurry(): void {
    if (!this.held) this.wake?.();
    void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (;;) {
        const item = this.items.find((one) => one.status === "waiting");
        if (!item || this.paused) return;
        const wait = await this.sendOne(item);
        this.options.changed();
        if (wait > 0) await this.sleep(wait);
        this.held = false;
      }
    } finally {
      this.busy = false;
    }
  }

  /** Milliseconds to wait before the next try. */
  private async sendOne(item: Outgoing): Promise<number> {
    item.status = "sending";
    item.attempts += 1;
    item.sentAfter ??= this.options.lastSeq();
    this.options.changed();
    try {
      item.seq = await this.options.post(item);
      item.status = "sent";
      item.detail = "";
      this.options.memory.forgetUnsent(item.key);
      return 0;
    } catch (error) {
      return this.refused(item, error);
    }
  }

  private refused(item: Outgoing, error: unknown): number {
    item.status = "waiting";
    if (error instanceof Problem) {
      const closed = error.status === 410 || (error.status === 409 && error.says("conversation-closed"));
      if (closed || error.status === 401 || error.status === 404) {
        this.paused = true;
        this.options.onRefused(closed ? "closed" : "expired");
        return 0;
      }
      if (error.status === 429) {
        item.detail = "busy";
        this.held = true;
        return Math.max(500, retryAfter(error.retryAfterHeader, Date.now()));
      }
    }
    if (isTransient(error)) {
      item.detail = "network";
      return backoff(item.attempts - 1);
    }
    item.status = "failed";
    item.detail = error instanceof Problem ? error.detail : "";
    return 0;
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
