import { isTransient, Problem } from "../shared/problem";
import type { DeskApi } from "./api";
import type { Drafts } from "./drafts";
import type { Lists } from "./lists";
import type { Sending } from "./model";
import { readVerdict } from "./read";
import { emptyTalk, type Talk, withFrame, withSnapshot } from "./talk";

export interface TalksOptions {
  api: DeskApi;
  drafts(): Drafts;
  lists: Pick<Lists, "item" | "canWrapUp">;
  words(error: unknown): string;
  /** The conversations are on the screen now. */
  onScreen(): boolean;
  onSignedOut(): void;
  changed(): void;
}

/** A view that names more than we have: the stream should bring it within this time; if it does not, we ask. */
const BEHIND_MS = 1_500;

/** The conversations that this page has opened, kept in step with the server. */
export class Talks {
  current: string | null = null;
  /** Per conversation, the last number that was shown to the agent. */
  readonly seen = new Map<string, number>();
  private readonly all = new Map<string, Talk>();
  private readonly asking = new Set<string>();
  /** Those that stood in the lists: when one is there no more, a snapshot tells where it went. */
  private readonly listed = new Set<string>();
  /** Those that were opened just now, until the server has told how they stand. */
  private readonly opening = new Map<string, Promise<void>>();

  constructor(private readonly options: TalksOptions) {}

  get(id: string): Talk | null {
    return this.all.get(id) ?? null;
  }

  open(id: string): void {
    this.current = id;
    if (!this.all.has(id)) this.all.set(id, emptyTalk(id));
    this.noteListed(id);
    this.markSeen();
    this.options.changed();
    const told = this.refresh(id).finally(() => this.opening.get(id) === told && this.opening.delete(id));
    this.opening.set(id, told);
  }

  /** No conversation is shown; what was opened stays in step. */
  shut(): void {
    this.current = null;
    this.options.changed();
  }

  forget(): void {
    this.current = null;
    this.all.clear();
    this.seen.clear();
    this.listed.clear();
  }

  takeFrame(id: string, data: Record<string, unknown>): void {
    const talk = this.all.get(id);
    if (talk) this.all.set(id, withFrame(talk, data));
    this.markSeen();
    this.options.changed();
  }

  /** After a lost line: what was missed comes with the snapshots. */
  refreshAll(): void {
    for (const id of this.all.keys()) if (this.follows(id)) void this.refresh(id);
  }

  /** The desk's list has changed: whoever is behind it gets the stream's time, then a question. */
  followList(): void {
    for (const id of this.all.keys()) {
      this.noteListed(id);
      if (this.isBehind(id)) setTimeout(() => this.catchUp(id), BEHIND_MS);
    }
  }

  async refresh(id: string): Promise<void> {
    const asked = this.all.get(id);
    try {
      const snapshot = await this.options.api.snapshot(id);
      const talk = this.all.get(id);
      if (talk) this.all.set(id, withSnapshot(talk, snapshot, asked));
      if (!this.options.lists.item(id) && !this.options.lists.canWrapUp(id)) this.listed.delete(id);
      this.markSeen();
      this.options.changed();
    } catch (error) {
      const status = error instanceof Problem ? error.status : 0;
      if (status === 403 || status === 404) this.update(id, { gone: true });
      else this.update(id, { trouble: this.options.words(error) });
      if (status === 401) this.options.onSignedOut();
    }
  }

  async send(id: string, text: string, how: Sending): Promise<void> {
    const before = this.all.get(id);
    if (!before || before.sending || !text.trim()) return;
    this.update(id, { sending: true, trouble: "" });
    await this.opening.get(id); // What is sent as soon as he is taken goes with the epoch of the taking.
    const talk = this.all.get(id);
    if (!talk) return;
    const drafts = this.options.drafts();
    const key = drafts.keyFor(id, text);
    try {
      await this.options.api.message(id, talk.epoch, key, text, how);
      drafts.answered(id);
      // What was written on meanwhile stays; the text that went out, or was completed to it, goes.
      if (talk.verdict || drafts.text(id).trim() === text) drafts.write(id, "");
      this.update(id, { sending: false, verdict: null });
      void this.refresh(id); // The reply stops the clock of the first answer: that comes with the snapshot only.
    } catch (error) {
      this.notSent(id, text, error);
    }
  }

  dropVerdict(id: string): void {
    this.update(id, { verdict: null });
  }

  /** Words that stand beside this conversation. */
  tell(id: string, trouble: string): void {
    this.update(id, { trouble });
  }

  markSeen(): void {
    const talk = this.current ? this.all.get(this.current) : null;
    if (talk && this.options.onScreen()) this.seen.set(talk.id, talk.log.lastSeq);
  }

  private notSent(id: string, text: string, error: unknown): void {
    // Without an answer the key stays: sending the same text again cannot deliver it twice.
    if (!isTransient(error)) this.options.drafts().answered(id);
    const problem = error instanceof Problem ? error : null;
    const verdict = problem?.status === 422 ? readVerdict(text, problem.body) : null;
    const trouble = verdict ? "" : this.options.words(error);
    this.update(id, { sending: false, verdict, trouble });
    if (problem?.status === 401) this.options.onSignedOut();
    if (problem?.status === 409) void this.refresh(id);
  }

  private noteListed(id: string): void {
    if (this.options.lists.item(id)) this.listed.add(id);
  }

  /** To read what is not his goes on record: unasked, it is done only for what he has before him. */
  private follows(id: string): boolean {
    return id === this.current || this.options.lists.canWrapUp(id);
  }

  private isBehind(id: string): boolean {
    const [item, talk] = [this.options.lists.item(id), this.all.get(id)];
    if (!talk || !this.follows(id)) return false;
    if (item) return item.last_seq > talk.log.lastSeq || item.epoch > talk.epoch;
    if (talk.gone || !this.listed.has(id)) return false;
    return (
      talk.state === "HUMAN" ||
      talk.state === "WRAP_UP" ||
      talk.state === "QUEUED" ||
      talk.state === "OFFERED"
    );
  }

  private catchUp(id: string): void {
    if (this.asking.has(id) || !this.isBehind(id)) return;
    this.asking.add(id);
    void this.refresh(id).finally(() => this.asking.delete(id));
  }

  private update(id: string, change: Partial<Talk>): void {
    const talk = this.all.get(id);
    if (talk) this.all.set(id, { ...talk, ...change });
    this.options.changed();
  }
}
