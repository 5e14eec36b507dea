import { fill } from "../../shared/fill";
import type { Drafts } from "../drafts";
import type { Labels } from "../labels.zh";
import type { Part } from "../part";
import type { Place } from "../place";
import { Alerts } from "./alerts";
import type { CasesApi } from "./api";
import { ALL_OPEN, type Filters, readFilters } from "./filters";
import { IntakePage } from "./intake";
import { CaseList } from "./list";
import type { Choices, Opened, Task } from "./model";
import { CasePage } from "./page";
import { promiseBody, promiseSpec } from "./promise";
import { FormSlot } from "./slot";
import { Tasks, taskBody, taskSpec } from "./tasks";

export interface CasesOptions {
  api: CasesApi;
  drafts(): Drafts;
  labels(): Labels;
  words(error: unknown): string;
  isSignedOut(error: unknown): boolean;
  onSignedOut(): void;
  ring(): void;
  say(words: string): void;
  /** Where in the console somebody is. */
  place(): Place;
  /** Leads to another place. */
  open(place: Place): void;
  changed(): void;
}

export const REFRESH_MS = 30_000;
const SEARCH_AFTER_MS = 300;
/** More cards than this nobody reads. */
const BOARD_MOST = 1_000;
const FILTERS = "case-filters";

const NO_CHOICES: Choices = {
  severities: [],
  states: [],
  channels: [],
  axes: [],
  departments: [],
  staff: [],
  products: [],
  files: { types: [], max_bytes: Number.POSITIVE_INFINITY },
};

/** The part of the console about complaint cases: what of them is kept up to date. */
export class Cases implements Part {
  choices: Choices = NO_CHOICES;
  /** Spoken by screen readers. */
  announcement = "";

  readonly list: CaseList;
  readonly board: CaseList;
  readonly page: CasePage;
  readonly tasks: Tasks;
  readonly alerts: Alerts;
  readonly intake: IntakePage;
  readonly slot: FormSlot;

  private timer: ReturnType<typeof setInterval> | null = null;
  private searchTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: CasesOptions) {
    const { api, labels, changed, drafts } = options;
    const words = (error: unknown) => this.words(error);
    const formWords = (error: unknown) => this.words(error) ?? "";
    this.slot = new FormSlot({ drafts, words: formWords, changed });
    this.list = new CaseList({ api, words, changed }, ALL_OPEN);
    this.board = new CaseList({ api, words, changed }, ALL_OPEN, BOARD_MOST);
    this.tasks = new Tasks({ api, words, changed });
    this.alerts = new Alerts({
      api,
      words,
      changed,
      onNew: (fresh) => this.heard(fresh.map((one) => one.text)),
    });
    const shared = { api, slot: this.slot, labels, words, changed, choices: () => this.choices };
    this.page = new CasePage(shared);
    this.intake = new IntakePage({ ...shared, drafts, onOpened: (opened) => this.opened(opened) });
  }

  start(): void {
    this.stop();
    this.list.filters = readFilters(this.options.drafts().text(FILTERS));
    this.timer = setInterval(() => this.poll(), REFRESH_MS);
    void this.loadChoices();
    void this.alerts.load();
    this.enter(this.options.place());
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    if (this.searchTimer) clearTimeout(this.searchTimer);
    this.timer = null;
    for (const part of [this.list, this.board, this.page, this.tasks, this.alerts]) part.forget();
    this.intake.leave();
    this.slot.leave();
    this.choices = NO_CHOICES;
    this.announcement = "";
  }

  go(place: Place): void {
    const staysOnTicket = place.view === "ticket" && place.number === this.page.number;
    if (!staysOnTicket) this.slot.leave();
    if (place.view !== "new") this.intake.leave();
    if (this.timer !== null) this.enter(place);
  }

  private enter(place: Place): void {
    if (place.view === "new") this.intake.enter(place.conversation);
    if (place.view !== "ticket") this.page.forget();
    else this.page.begin(place.number);
    this.load();
  }

  hurry(): void {
    if (this.timer !== null) this.poll();
  }

  filter(change: Partial<Filters>): void {
    const filters = { ...this.list.filters, ...change };
    this.list.filters = filters;
    this.options.drafts().write(FILTERS, JSON.stringify(filters));
    if (this.searchTimer) clearTimeout(this.searchTimer);
    // Words are typed letter by letter: the question waits for the end of the word.
    if (Object.keys(change).join() === "q") {
      this.searchTimer = setTimeout(() => void this.list.filter(filters), SEARCH_AFTER_MS);
    } else void this.list.filter(filters);
    this.options.changed();
  }

  async takeTask(task: Task): Promise<void> {
    try {
      await this.options.api.takeTask(task.id);
    } catch (error) {
      const words = this.words(error);
      if (words) this.options.say(words);
    }
    await this.reload();
  }

  async finishTask(task: Task, how: { confirmed?: boolean } = {}): Promise<void> {
    const { form } = this.slot;
    if (!form || !this.slot.is(`task:${task.id}`)) return;
    const labels = this.options.labels();
    let unreached = false;
    const done = await form.send(taskSpec(task, labels), (values) => {
      unreached = values.reached === "no";
      return this.options.api.taskDone(task.id, { ...taskBody(task, values), ...how });
    });
    if (done) {
      this.slot.close();
      this.options.say(unreached ? labels.task_tried : labels.task_ended);
    } else if (form.trouble) this.slot.wanted = { form: form.id, field: form.field };
    await this.reload();
  }

  /** The conversation to whose customer something is being promised. */
  get promising(): string | null {
    const id = this.slot.form?.id ?? "";
    return id.startsWith(PROMISE) ? id.slice(PROMISE.length) : null;
  }

  async savePromise(): Promise<void> {
    const { form } = this.slot;
    const { promising } = this;
    if (!form || !promising) return;
    const labels = this.options.labels();
    const done = await form.send(promiseSpec(labels), (values) => {
      const { text, due_at } = promiseBody(values);
      return this.options.api.promise(promising, text, due_at);
    });
    if (!done) return;
    this.slot.close();
    this.options.say(labels.promise_saved);
  }

  private opened({ number, joined, why }: Opened): void {
    const labels = this.options.labels();
    this.page.begin(number);
    this.options.open({ view: "ticket", number });
    this.page.told(
      joined ? fill(labels.intake_joined, { number, why }) : fill(labels.intake_opened, { number }),
    );
  }

  private poll(): void {
    if (document.hidden) return;
    void this.alerts.load();
    this.load();
  }

  private load(): void {
    const { view } = this.options.place();
    if (view === "list") void this.list.refresh();
    if (view === "board") void this.board.all();
    if (view === "tasks") void this.tasks.load();
    if (view === "ticket") void this.page.load();
    if (this.choices === NO_CHOICES && view !== "talks") void this.loadChoices();
  }

  private reload(): Promise<void> {
    return this.options.place().view === "ticket" ? this.page.load() : this.tasks.load();
  }

  private async loadChoices(): Promise<void> {
    const asked = this.timer;
    try {
      const choices = await this.options.api.choices();
      if (asked !== this.timer) return; // Signed out meanwhile.
      this.choices = choices;
    } catch (error) {
      this.words(error); // Asked again with the next look at the list.
    }
    this.options.changed();
  }

  private heard(texts: string[]): void {
    this.options.ring();
    const labels = this.options.labels();
    this.announcement = fill(labels.alert_new, { text: texts.join(labels.clock_and) });
    this.options.changed();
  }

  /** Null when the session is over: the sign-in says so then. */
  private words(error: unknown): string | null {
    if (!this.options.isSignedOut(error)) return this.options.words(error);
    if (this.timer !== null) this.options.onSignedOut();
    return null;
  }
}

const PROMISE = "form:promise:";
