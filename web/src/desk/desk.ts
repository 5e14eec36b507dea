import { isTransient } from "../shared/problem";
import type { DeskApi } from "./api";
import { Attempts } from "./attempts";
import type { Sound } from "./attention";
import { ClockWatch } from "./clock-watch";
import { Deeds } from "./deeds";
import { Drafts } from "./drafts";
import type { Labels } from "./labels.zh";
import { DeskLine } from "./line";
import { Lists } from "./lists";
import type { DeskPage, DeskView, User } from "./model";
import type { Part } from "./part";
import { People } from "./people/people";
import { type Place, TODAY } from "./place";
import { isSignedOut, signInRefusal } from "./refusal";
import { Scripts } from "./scripts";
import { type Talk, takenOver } from "./talk";
import { Talks } from "./talks";
import { Cases } from "./tickets/cases";
import { Todo } from "./todo";
import { Tools } from "./tools/tools";
import { Wall } from "./wall/wall";
import { Whereabouts } from "./whereabouts";

export interface DeskOptions {
  api: DeskApi;
  store: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  labels(): Labels;
  ring(kind: Sound): void;
  changed(): void;
  /** Leads the browser to an address of the console; without it, only the page follows. */
  navigate?(address: string): void;
}

type Phase = "starting" | "signed-out" | "signed-in";

/** The console's state. It decides nothing about conversations: the server does, and this follows. */
export class Desk {
  phase: Phase = "starting";
  user: User | null = null;
  page: DeskPage = { bank: "", categories: [], transfer_queues: [], recall_s: 0, quiet_s: 0 };
  signInTrouble = "";
  drafts: Drafts;

  readonly where: Whereabouts;
  readonly lists: Lists;
  readonly deeds: Deeds;
  readonly scripts: Scripts;
  readonly todo: Todo;
  readonly cases: Cases;
  readonly tools: Tools;
  readonly clocks: ClockWatch;
  readonly people: People;
  readonly wall: Wall;

  private readonly talks: Talks;
  /** A further part of the console is made in the constructor, and stands in this list. */
  private readonly parts: readonly Part[];
  private line: DeskLine | null = null;
  private readonly attempts: Attempts;

  constructor(private readonly options: DeskOptions) {
    this.drafts = new Drafts(options.store, "");
    this.attempts = new Attempts({
      labels: () => options.labels(),
      username: () => this.user?.username ?? "",
      onSignedOut: () => this.sessionEnded(),
      changed: () => this.changed(),
    });
    const attempt = (deed: () => Promise<unknown>) => this.attempts.attempt(deed);
    const shared = {
      drafts: () => this.drafts,
      words: (error: unknown) => this.attempts.words(error),
      isSignedOut,
      onSignedOut: () => this.sessionEnded(),
      changed: () => this.changed(),
    };
    const { api, labels } = options;
    this.where = new Whereabouts({
      user: () => this.user,
      conversation: () => this.current,
      navigate: options.navigate,
      moved: (place) => this.moved(place),
    });
    this.lists = new Lists({
      user: () => this.user,
      talk: (id) => this.talks.get(id),
      seen: () => this.talks.seen,
      isRead: (id) => id === this.current && this.where.onScreen,
    });
    this.talks = new Talks({
      ...shared,
      api,
      lists: this.lists,
      onScreen: () => this.where.onScreen,
    });
    this.deeds = new Deeds({
      api,
      talks: this.talks,
      attempt,
      show: (id) => (this.where.place.view === "talks" ? this.select(id) : this.open(id)),
      greet: (id, reason) => this.tools.greet(id, reason),
    });
    const asking = { ...shared, api, attempt, refused: (error: unknown) => this.attempts.refused(error) };
    this.scripts = new Scripts(asking);
    this.tools = new Tools(asking);
    this.todo = new Todo(asking);
    this.cases = new Cases({
      ...shared,
      api: api.cases,
      labels: () => labels(),
      ring: () => options.ring("message"),
      say: (words) => this.say(words),
      place: () => this.where.place,
      open: (place) => this.where.open(place),
    });
    this.clocks = new ClockWatch({
      lists: this.lists,
      labels,
      ring: () => options.ring("breach"),
      changed: shared.changed,
    });
    const rights = () => this.user?.rights ?? [];
    this.people = new People({ ...shared, api: api.people, rights });
    this.wall = new Wall({ ...shared, api: api.wall, people: api.people, rights, now: () => this.lists.now });
    this.parts = [this.scripts, this.todo, this.cases, this.tools, this.clocks, this.people, this.wall];
  }

  get toast(): string {
    return this.attempts.toast.words;
  }

  get busy(): boolean {
    return this.attempts.busy;
  }

  /** Words that stand on the page for a moment. */
  say(words: string): void {
    this.attempts.toast.say(words);
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

  /** What happens in a conversation that he watches comes as it happens; else it stands as it was read. */
  seesLive(id: string): boolean {
    return this.line?.shows(id) ?? false;
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
    this.signInTrouble = "";
    this.attempts.turn(true);
    try {
      this.signedIn((await this.options.api.signIn(username, password)).user);
    } catch (error) {
      this.signInTrouble = signInRefusal(error, this.options.labels());
    } finally {
      this.attempts.turn(false);
    }
  }

  async signOut(): Promise<void> {
    if (!(await this.attempts.attempt(() => this.options.api.signOut()))) return;
    this.leave("");
    if (this.where.place.view === "talks") this.where.open(TODAY); // The next one finds nobody's conversation open.
  }

  select(id: string): void {
    this.open(id);
    this.where.open({ view: "talks", conversation: id });
  }

  private open(id: string): void {
    this.line?.watchAnew();
    this.talks.open(id);
  }

  /** The page is seen again, or the network is back. */
  hurry(): void {
    this.line?.hurry();
    this.talks.markSeen();
    for (const part of this.parts) part.hurry();
    this.changed();
  }

  /** Nothing runs any more. */
  stop(): void {
    this.line?.stop();
    this.line = null;
    for (const part of this.parts) part.stop();
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
      (error: unknown) => this.attempts.refused(error),
    );
    this.where.admit();
    for (const part of this.parts) part.start();
    this.showTalk();
    this.line?.stop();
    let met = false;
    this.line = new DeskLine({
      api: this.options.api,
      onView: (view) => this.takeView(view),
      onConversation: (id, data) => this.takeFrame(id, data),
      onOnline: (online) => {
        if (online && met) this.talks.refreshAll(); // What is open at the sign-in has just been read, and that is on record.
        met ||= online;
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
    this.stop();
    this.phase = "signed-out";
    this.signInTrouble = why;
    this.user = null;
    this.lists.forget();
    this.talks.forget();
    this.changed();
  }

  private moved(place: Place): void {
    for (const part of this.parts) part.go(place);
    this.showTalk();
    this.talks.markSeen();
    this.changed();
  }

  /** The conversation of the address is open. */
  private showTalk(): void {
    const { place } = this.where;
    if (this.phase !== "signed-in" || place.view !== "talks" || place.conversation === this.current) return;
    if (place.conversation) this.open(place.conversation);
    else this.talks.shut();
  }

  private takeView(next: DeskView): void {
    const change = this.lists.follow(next);
    if (change.fewer) void this.todo.load(); // Perhaps he left a message.
    if (change.alerts) void this.cases.alerts.load();
    if (change.offers > 0) this.options.ring("offer");
    else if (change.messages) this.options.ring("message");
    this.talks.followList();
    this.changed();
  }

  private takeFrame(id: string, data: Record<string, unknown>): void {
    this.talks.takeFrame(id, data);
    const words = takenOver(this.options.labels(), data);
    if (!words) return;
    this.talks.tell(id, words); // Where he finds it when he comes back,
    this.say(words); // and wherever he is now.
  }

  private changed(): void {
    const { current } = this.talks;
    this.line?.watch(current !== null && this.where.onScreen && this.lists.watches(current) ? current : null);
    this.options.changed();
  }
}
