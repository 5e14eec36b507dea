import { backoff, retryAfter } from "../shared/backoff";
import { addEvents, EMPTY_LOG, hasSeq, type Log } from "../shared/log";
import { isTransient, Problem } from "../shared/problem";
import { type ChatPage, type Choice, readStatus, type Status } from "../shared/wire";
import type { ChatApi, Session } from "./api";
import { Binding } from "./binding";
import { Link, type LinkState } from "./link";
import type { Memory } from "./memory";
import { Outbox, type Outgoing } from "./outbox";
import { awaitsWords, forgetRecalled, unreadAfter, unsettled } from "./reading";

export type Phase = "idle" | "starting" | "ready" | "failed";
/** Why the customer sees a fresh conversation below an older one. */
export type Restart = "expired" | "closed" | "foreign";

export interface ChatOptions {
  api: ChatApi;
  memory: Memory;
  pageUrl: string;
  changed(): void;
}

const TYPING_EVERY_MS = 3_000;
const LOST_SHOWN_AFTER_MS = 2_500;
/** A token refused so soon after it was given means that something is wrong, not that it grew old. */
const TOO_YOUNG_MS = 10_000;

/** One customer's chat: starts and resumes the conversation, keeps it in step, sends what is written. */
export class Chat {
  phase: Phase = "idle";
  page: ChatPage | null = null;
  status: Status | null = null;
  log: Log = EMPTY_LOG;
  past: Log = EMPTY_LOG;
  restarted: Restart | null = null;
  link: LinkState = "connecting";
  lineLost = false;
  problem = "";

  private readonly outbox: Outbox;
  private readonly binding: Binding;
  private session: Session | null;
  private line: Link | null = null;
  private starting: Promise<void> | null = null;
  private lostTimer: ReturnType<typeof setTimeout> | null = null;
  private sleeping: (() => void) | null = null;
  private typedAt = 0;
  private createdAt = 0;
  private toldLarge: boolean | null = null; // What the server knows of the size of type.
  private seenSeq = 0;
  private ended = false;
  private wanted = false;

  constructor(private readonly options: ChatOptions) {
    this.session = options.memory.conversation();
    this.outbox = new Outbox({
      memory: options.memory,
      post: (item) => this.post(item),
      lastSeq: () => this.log.lastSeq,
      onRefused: (why) => void this.restart(why),
      changed: () => this.changed(),
    });
    this.binding = new Binding({
      api: options.api,
      memory: options.memory,
      onOther: (why) => void this.restart(why),
      onTried: () => this.outbox.resume(),
    });
  }

  get resumable(): boolean {
    return this.session !== null;
  }

  get pending(): Outgoing[] {
    return unsettled(this.log, this.outbox.items);
  }

  get unread(): number {
    return unreadAfter(this.log, this.seenSeq);
  }

  /** The customer opened the chat: resume what there is, or begin. */
  open(): void {
    this.wanted = true;
    if (!this.page) void this.loadPage();
    if (this.phase === "idle" || this.phase === "failed") {
      if (this.session) this.attach(this.session);
      else if (!this.starting) void this.begin(null);
    } else if (this.status?.state === "CLOSED") void this.restart("closed");
  }

  /** A page was loaded while a conversation goes on: follow it quietly, so that an answer is noticed. */
  resume(): void {
    if (this.session && this.phase === "idle") this.attach(this.session);
  }

  seen(): void {
    if (this.seenSeq === this.log.lastSeq || !this.session) return;
    this.seenSeq = this.log.lastSeq;
    this.options.memory.keepSeen(this.session.conversation_id, this.seenSeq);
  }

  send(text: string): void {
    this.add({ text }, text);
  }

  choose(choice: Choice): void {
    this.add({ choice: choice.id }, choice.label);
  }

  retry(key: string): void {
    this.outbox.retry(key);
  }

  discard(key: string): void {
    this.outbox.discard(key);
  }

  typing(): void {
    const now = Date.now();
    if (!this.session || this.link !== "live" || now - this.typedAt < TYPING_EVERY_MS) return;
    this.typedAt = now;
    // Only a courtesy to the other side: a lost one is not worth a word.
    this.options.api.typing(this.session.token).catch(() => undefined);
  }

  /** The bank's signed link that says who the customer is. */
  identify(link: string): void {
    this.binding.give(link);
  }

  /** The page is seen again, or the network is back. */
  hurry(): void {
    this.sleeping?.();
    this.binding.hurry();
    this.line?.hurry();
    this.outbox.hurry();
  }

  /** Another tab of this browser began another conversation: follow it. */
  followOtherTab(): void {
    const session = this.options.memory.conversation();
    if (!session || session.token === this.session?.token || this.phase === "idle") return;
    this.leave();
    this.attach(session);
  }

  newConversation(): void {
    void this.restart("closed");
  }

  dispose(): void {
    this.ended = true;
    this.outbox.pause();
    this.binding.leave();
    this.line?.stop();
    this.sleeping?.();
    if (this.lostTimer) clearTimeout(this.lostTimer);
  }

  private add(body: { text: string } | { choice: string }, shown: string): void {
    const survey = "choice" in body ? body.choice.startsWith("rate_") : awaitsWords(this.log);
    if (this.status?.state === "CLOSED" && !survey) void this.restart("closed");
    this.outbox.add(body, shown);
    if (this.phase === "failed") this.open();
  }

  private async post(item: Outgoing): Promise<number> {
    if (!this.session) throw new Error("no conversation yet");
    const large = this.options.memory.flag("large");
    const changed = large === this.toldLarge ? {} : { large_type: large };
    const seq = await this.options.api.message(this.session.token, item.key, { ...item.body, ...changed });
    this.toldLarge = large;
    this.outbox.settle((one) => hasSeq(this.log, one));
    return seq;
  }

  private begin(former: string | null): Promise<void> {
    this.phase = "starting";
    this.problem = "";
    this.changed();
    const work = this.create(former).finally(() => {
      this.starting = null;
    });
    this.starting = work;
    return work;
  }

  private async create(named: string | null): Promise<void> {
    let former = named;
    for (let attempt = 0; !this.ended; attempt += 1) {
      try {
        const large = this.options.memory.flag("large");
        const session = await this.options.api.create({
          page: this.options.pageUrl,
          ...(large ? { large_type: true } : {}),
          ...(former ? { former_token: former } : {}),
        });
        this.options.memory.keepConversation(session);
        this.toldLarge = large;
        this.createdAt = Date.now();
        if (!this.ended) this.attach(session);
        return;
      } catch (error) {
        if (former && error instanceof Problem && error.status === 401) {
          former = null; // Too old to be named; the customer still gets a conversation.
          continue;
        }
        const limited = error instanceof Problem && error.status === 429;
        if (!limited && !isTransient(error)) {
          this.phase = "failed";
          this.problem = error instanceof Problem ? error.detail : "";
          this.changed();
          return;
        }
        this.setLink("lost");
        await this.pause(
          limited ? retryAfter(error.retryAfterHeader, Date.now()) : backoff(attempt, Math.random, 8_000),
        );
      }
    }
  }

  private attach(session: Session): void {
    this.session = session;
    this.seenSeq = this.options.memory.seen(session.conversation_id);
    this.phase = "ready";
    this.line = new Link({
      api: this.options.api,
      token: session.token,
      lastSeq: () => this.log.lastSeq,
      onEvents: (events) => {
        this.log = forgetRecalled(addEvents(this.log, events));
        this.outbox.settle((seq) => hasSeq(this.log, seq));
        this.changed();
      },
      onStatus: (status) => this.takeStatus(status),
      onState: (state) => this.setLink(state),
      onExpired: () => void this.restart("expired"),
    });
    this.line.start();
    if (!this.binding.open) this.outbox.resume(); // Else nothing is said before it is known in whose name.
    this.changed();
  }

  private takeStatus(value: unknown): void {
    const first = this.status === null;
    this.status = readStatus(value, this.status) ?? this.status;
    // It ended while the customer was away: begin afresh, or wait quietly until the chat is opened.
    const closed = this.status?.state === "CLOSED";
    if (this.session && this.status && !closed) this.binding.meet(this.session.token);
    if (first && closed) void this.restart("closed");
    else this.changed();
  }

  private async restart(why: Restart): Promise<void> {
    if (this.starting) return this.starting;
    const former = why === "closed" ? (this.session?.token ?? null) : null;
    if (why === "foreign") this.outbox.forgetBefore(this.binding.since);
    this.leave();
    if (why === "foreign") this.past = EMPTY_LOG;
    this.options.memory.forgetConversation();
    this.session = null;
    const refusedAtOnce = why === "expired" && Date.now() - this.createdAt < TOO_YOUNG_MS;
    if (refusedAtOnce || !this.wanted) {
      this.phase = refusedAtOnce ? "failed" : "idle";
      this.changed();
      return;
    }
    this.restarted = why;
    return this.begin(former);
  }

  /** Lets go of the conversation; what was said stays in sight, what is unsent goes with the customer. */
  private leave(): void {
    this.outbox.pause();
    this.binding.leave();
    this.line?.stop();
    this.line = null;
    this.outbox.moveToNewConversation();
    this.past = this.log;
    this.log = EMPTY_LOG;
    this.status = null;
    this.seenSeq = 0;
  }

  private setLink(state: LinkState): void {
    this.link = state;
    if (state === "live") {
      if (this.lostTimer) clearTimeout(this.lostTimer);
      this.lostTimer = null;
      this.lineLost = false;
      this.outbox.hurry();
    } else if (!this.lineLost && !this.lostTimer) {
      this.lostTimer = setTimeout(() => {
        this.lostTimer = null;
        this.lineLost = true;
        this.changed();
      }, LOST_SHOWN_AFTER_MS);
    }
    this.changed();
  }

  private async loadPage(): Promise<void> {
    for (let attempt = 0; !this.page && !this.ended && attempt < 8; attempt += 1) {
      try {
        this.page = await this.options.api.page();
        this.changed();
      } catch {
        await this.pause(backoff(attempt, Math.random, 8_000)); // The built-in banner stands meanwhile.
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const former = this.sleeping;
      const done = () => {
        clearTimeout(timer);
        former?.();
        if (this.sleeping === done) this.sleeping = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.sleeping = done;
    });
  }

  private changed(): void {
    if (!this.ended) this.options.changed();
  }
}
