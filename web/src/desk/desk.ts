import { isTransient, Problem } from "../shared/problem";
import type { DeskApi } from "./api";
import { newsBetween, unreadOf } from "./attention";
import { Drafts } from "./drafts";
import type { Labels } from "./labels.zh";
import { DeskLine } from "./line";
import type { CloseForm, DeskPage, DeskView, Item, Offer, Presence, Script, User } from "./model";
import { readVerdict } from "./read";
import { refusal, signInRefusal } from "./refusal";
import { emptyTalk, type Talk, withFrame, withSnapshot } from "./talk";

export interface DeskOptions {
  api: DeskApi;
  store: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  labels(): Labels;
  ring(kind: "offer" | "message"): void;
  changed(): void;
}

type Phase = "starting" | "signed-out" | "signed-in";

const BEHIND_MS = 1_500;
const TOAST_MS = 6_000;

/** The console's state and deeds. It decides nothing about conversations: the server does, and this follows. */
export class Desk {
  phase: Phase = "starting";
  user: User | null = null;
  page: DeskPage = { bank: "", categories: [], transfer_queues: [] };
  view: DeskView | null = null;
  /** Server's clock minus ours, in milliseconds. */
  offset = 0;
  current: string | null = null;
  talks = new Map<string, Talk>();
  scripts: Script[] = [];
  toast = "";
  signInTrouble = "";
  busy = false;
  drafts: Drafts;

  private line: DeskLine | null = null;
  private readonly seen = new Map<string, number>();
  private readonly catchingUp = new Set<string>();
  private toastTimer: ReturnType<typeof setTimeout> | null = null;
  private searches = 0;

  constructor(private readonly options: DeskOptions) {
    this.drafts = new Drafts(options.store, "");
  }

  get now(): number {
    return Date.now() + this.offset;
  }

  get online(): boolean {
    return this.line?.online ?? false;
  }

  get lostSince(): number {
    return this.line?.lostSince ?? Date.now();
  }

  get talk(): Talk | null {
    return this.current ? (this.talks.get(this.current) ?? null) : null;
  }

  get supervisor(): boolean {
    return this.user?.roles.includes("supervisor") ?? false;
  }

  item(id: string): Item | Offer | null {
    const { view } = this;
    if (!view) return null;
    const all = [...view.mine, ...view.offers, ...view.queue];
    return all.find((one) => one.conversation_id === id) ?? null;
  }

  /** Only the server's list says what is mine: it sees a lost lease before this page does. */
  isMine(id: string): boolean {
    return this.view?.mine.some((one) => one.conversation_id === id) ?? false;
  }

  unread(item: Item): number {
    return item.conversation_id === this.current && !document.hidden ? 0 : unreadOf(item, this.seen);
  }

  async start(): Promise<void> {
    try {
      this.signedIn((await this.options.api.resume()).user);
    } catch (error) {
      this.phase = "signed-out";
      if (isTransient(error)) this.signInTrouble = this.options.labels().no_server;
      this.changed();
    }
  }

  async signIn(username: string, password: string): Promise<void> {
    this.busy = true;
    this.signInTrouble = "";
    this.changed();
    try {
      this.signedIn((await this.options.api.signIn(username, password)).user);
    } catch (error) {
      this.signInTrouble = signInRefusal(error, this.options.labels());
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  async signOut(): Promise<void> {
    await this.attempt(() => this.options.api.signOut());
    this.signedOut("");
  }

  setPresence(status: Presence): Promise<boolean> {
    return this.attempt(() => this.options.api.presence(status));
  }

  select(id: string): void {
    this.current = id;
    if (!this.talks.has(id)) this.talks.set(id, emptyTalk(id));
    this.markSeen();
    this.changed();
    void this.refresh(id);
  }

  async claim(item: Item): Promise<void> {
    const { conversation_id: id, epoch } = item;
    if (await this.attempt(() => this.options.api.claim(id, epoch))) this.select(id);
    else if (this.current === id) void this.refresh(id);
  }

  decline(item: Item, reason: string): Promise<boolean> {
    return this.attempt(() => this.options.api.decline(item.conversation_id, item.epoch, reason));
  }

  async send(id: string, text: string, overrideReason: string | null = null): Promise<void> {
    const talk = this.talks.get(id);
    if (!talk || talk.sending || !text.trim()) return;
    const key = this.drafts.keyFor(id, text);
    this.update(id, { sending: true, trouble: "" });
    try {
      await this.options.api.message(id, talk.epoch, key, text, overrideReason);
      const written = this.drafts.text(id);
      this.drafts.answered(id);
      if (written === text || this.talks.get(id)?.verdict) this.drafts.write(id, "");
      this.update(id, { sending: false, verdict: null });
      setTimeout(() => this.catchUp(id), BEHIND_MS);
    } catch (error) {
      // Without an answer the key stays: sending the same text again cannot deliver it twice.
      if (!isTransient(error)) this.drafts.answered(id);
      const verdict = error instanceof Problem && error.status === 422 ? readVerdict(text, error.body) : null;
      this.update(id, { sending: false, verdict, trouble: verdict ? "" : this.words(error) });
      this.afterRefusal(error, id);
    }
  }

  dropVerdict(id: string): void {
    this.update(id, { verdict: null });
  }

  giveBack(id: string): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.giveBack(id, epoch));
  }

  transfer(id: string, to: string, note: string): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.transfer(id, epoch, to, note));
  }

  close(id: string, form: CloseForm): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.close(id, epoch, form));
  }

  async search(query: string): Promise<void> {
    this.searches += 1;
    const mine = this.searches;
    const scripts = await this.options.api.scripts(query).catch((error: unknown) => {
      this.refused(error);
      return [];
    });
    if (mine !== this.searches) return; // A later search is under way: its answer counts.
    this.scripts = scripts;
    this.changed();
  }

  hurry(): void {
    this.line?.hurry();
    this.markSeen();
    this.changed();
  }

  private signedIn(user: User): void {
    this.user = user;
    this.phase = "signed-in";
    this.drafts = new Drafts(this.options.store, user.username);
    this.options.api.page().then(
      (page) => {
        this.page = page;
        this.changed();
      },
      (error: unknown) => this.refused(error),
    );
    this.line = new DeskLine({
      api: this.options.api,
      onView: (view) => this.takeView(view),
      onConversation: (id, data) => this.takeFrame(id, data),
      onOnline: (online) => this.turn(online),
      onEnded: () => this.signedOut(this.options.labels().session_ended),
    });
    this.changed();
  }

  private signedOut(why: string): void {
    this.line?.stop();
    this.line = null;
    this.phase = "signed-out";
    this.signInTrouble = why;
    this.user = null;
    this.view = null;
    this.current = null;
    this.talks.clear();
    this.seen.clear();
    this.changed();
  }

  private turn(online: boolean): void {
    // What was missed meanwhile comes with the snapshot.
    if (online) for (const id of this.talks.keys()) void this.refresh(id);
    this.changed();
  }

  private takeFrame(id: string, data: Record<string, unknown>): void {
    const talk = this.talks.get(id);
    if (talk) this.talks.set(id, withFrame(talk, data));
    this.markSeen();
    this.changed();
  }

  private takeView(next: DeskView): void {
    this.offset = Date.parse(next.now) - Date.now() || 0;
    const news = newsBetween(this.view, next);
    this.view = next;
    if (news.offers > 0) this.options.ring("offer");
    else if (next.mine.some((one) => this.unread(one) > 0) && news.messages > 0) this.options.ring("message");
    for (const id of this.talks.keys()) {
      const item = this.item(id);
      const talk = this.talks.get(id);
      const behind = item && talk && (item.last_seq > talk.log.lastSeq || item.epoch > talk.epoch);
      if (behind || (!item && talk?.state && talk.state !== "CLOSED" && talk.state !== "BOT")) {
        setTimeout(() => this.catchUp(id), BEHIND_MS);
      }
    }
    this.markSeen();
    this.changed();
  }

  /** The stream should have brought it by now; if it has not, ask. */
  private catchUp(id: string): void {
    const [item, talk] = [this.item(id), this.talks.get(id)];
    if (!talk || this.catchingUp.has(id)) return;
    if (item && item.last_seq <= talk.log.lastSeq && item.epoch <= talk.epoch) return;
    this.catchingUp.add(id);
    void this.refresh(id).finally(() => this.catchingUp.delete(id));
  }

  private async refresh(id: string): Promise<void> {
    try {
      const snapshot = await this.options.api.snapshot(id);
      const talk = this.talks.get(id);
      if (talk) this.talks.set(id, withSnapshot(talk, snapshot));
      this.markSeen();
      this.changed();
    } catch (error) {
      this.update(id, { trouble: this.words(error) });
      this.refused(error, false);
    }
  }

  private markSeen(): void {
    const { talk } = this;
    if (talk && !document.hidden) this.seen.set(talk.id, talk.log.lastSeq);
  }

  private async act(id: string, deed: (epoch: number) => Promise<void>): Promise<boolean> {
    const talk = this.talks.get(id);
    if (!talk) return false;
    const done = await this.attempt(() => deed(talk.epoch));
    void this.refresh(id);
    return done;
  }

  private async attempt(deed: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.changed();
    try {
      await deed();
      return true;
    } catch (error) {
      this.refused(error);
      return false;
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  private refused(error: unknown, aloud = true): void {
    if (error instanceof Problem && error.status === 401) this.signedOut(this.options.labels().session_ended);
    else if (aloud) this.say(this.words(error));
  }

  private afterRefusal(error: unknown, id: string): void {
    if (!(error instanceof Problem)) return;
    if (error.status === 401) this.refused(error);
    if (error.status === 409)
      void this.refresh(id).then(() => this.update(id, { trouble: this.words(error) }));
  }

  private words(error: unknown): string {
    return refusal(error, this.options.labels(), this.user?.username ?? "");
  }

  private say(text: string): void {
    this.toast = text;
    if (this.toastTimer) clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => {
      this.toast = "";
      this.changed();
    }, TOAST_MS);
    this.changed();
  }

  private update(id: string, change: Partial<Talk>): void {
    const talk = this.talks.get(id);
    if (talk) this.talks.set(id, { ...talk, ...change });
    this.changed();
  }

  private changed(): void {
    this.options.changed();
  }
}
