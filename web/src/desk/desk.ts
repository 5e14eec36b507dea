import { isTransient, Problem } from "../shared/problem";
import type { DeskApi } from "./api";
import { newsBetween, unreadOf } from "./attention";
import { Drafts } from "./drafts";
import type { Labels } from "./labels.zh";
import { DeskLine } from "./line";
import type { CloseForm, DeskPage, DeskView, Item, Offer, Presence, Script, Sending, User } from "./model";
import { refusal, signInRefusal } from "./refusal";
import type { Talk } from "./talk";
import { Talks } from "./talks";
import { Todo } from "./todo";

export interface DeskOptions {
  api: DeskApi;
  store: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  labels(): Labels;
  ring(kind: "offer" | "message"): void;
  changed(): void;
}

type Phase = "starting" | "signed-out" | "signed-in";

const TOAST_MS = 6_000;
const NO_PAGE: DeskPage = { bank: "", categories: [], transfer_queues: [] };

/** The console's state and deeds. It decides nothing about conversations: the server does, and this follows. */
export class Desk {
  phase: Phase = "starting";
  user: User | null = null;
  page: DeskPage = NO_PAGE;
  view: DeskView | null = null;
  scripts: Script[] = [];
  toast = "";
  signInTrouble = "";
  busy = false;
  drafts: Drafts;

  readonly todo: Todo;

  private readonly talks: Talks;
  private line: DeskLine | null = null;
  /** Server's clock minus ours, in milliseconds. */
  private offset = 0;
  private toastTimer: ReturnType<typeof setTimeout> | null = null;
  private searches = 0;

  constructor(private readonly options: DeskOptions) {
    this.drafts = new Drafts(options.store, "");
    this.talks = new Talks({
      api: options.api,
      drafts: () => this.drafts,
      item: (id) => this.item(id),
      words: (error) => this.words(error),
      onSignedOut: () => this.sessionEnded(),
      changed: () => this.changed(),
    });
    this.todo = new Todo({
      api: options.api,
      attempt: (deed) => this.attempt(deed),
      isSignedOut,
      onSignedOut: () => this.sessionEnded(),
      changed: () => this.changed(),
    });
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

  get current(): string | null {
    return this.talks.current;
  }

  get talk(): Talk | null {
    return this.current ? this.talks.get(this.current) : null;
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
    if (item.conversation_id === this.current && !document.hidden) return 0;
    return unreadOf(item, this.talks.seen);
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
    if (await this.attempt(() => this.options.api.signOut())) this.leave("");
  }

  setPresence(status: Presence): Promise<boolean> {
    return this.attempt(() => this.options.api.presence(status));
  }

  select(id: string): void {
    this.talks.open(id);
  }

  async claim(item: Item): Promise<void> {
    const { conversation_id: id, epoch } = item;
    if (await this.attempt(() => this.options.api.claim(id, epoch))) this.talks.open(id);
    else if (this.current === id) void this.talks.refresh(id);
  }

  decline(item: Item, reason: string): Promise<boolean> {
    return this.attempt(() => this.options.api.decline(item.conversation_id, item.epoch, reason));
  }

  send(id: string, text: string, how: Sending = {}): Promise<void> {
    return this.talks.send(id, text, how);
  }

  dropVerdict(id: string): void {
    this.talks.dropVerdict(id);
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

  /** The page is seen again, or the network is back. */
  hurry(): void {
    this.line?.hurry();
    this.talks.markSeen();
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
    this.todo.start();
    this.line?.stop();
    this.line = new DeskLine({
      api: this.options.api,
      onView: (view) => this.takeView(view),
      onConversation: (id, data) => this.talks.takeFrame(id, data),
      onOnline: (online) => {
        if (online) this.talks.refreshAll();
        this.changed();
      },
      onEnded: () => this.sessionEnded(),
    });
    this.changed();
  }

  private sessionEnded(): void {
    this.leave(this.options.labels().session_ended);
  }

  private leave(why: string): void {
    this.line?.stop();
    this.line = null;
    this.phase = "signed-out";
    this.signInTrouble = why;
    this.user = null;
    this.view = null;
    this.todo.stop();
    this.talks.forget();
    this.changed();
  }

  private takeView(next: DeskView): void {
    this.offset = Date.parse(next.now) - Date.now() || 0;
    const news = newsBetween(this.view, next);
    if (this.view && waitingIn(next) < waitingIn(this.view)) void this.todo.load(); // Perhaps he left a message.
    this.view = next;
    const unread = next.mine.some((one) => this.unread(one) > 0);
    if (news.offers > 0) this.options.ring("offer");
    else if (news.messages > 0 && unread) this.options.ring("message");
    this.talks.followList();
    this.changed();
  }

  private async act(id: string, deed: (epoch: number) => Promise<void>): Promise<boolean> {
    const talk = this.talks.get(id);
    if (!talk) return false;
    const done = await this.attempt(() => deed(talk.epoch));
    void this.talks.refresh(id);
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

  private refused(error: unknown): void {
    if (isSignedOut(error)) this.sessionEnded();
    else this.say(this.words(error));
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

  private changed(): void {
    this.options.changed();
  }
}

function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}

function waitingIn(view: DeskView): number {
  return view.queue.length + view.offers.length;
}
