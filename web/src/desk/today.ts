import { type LitElement, nothing, type ReactiveController, type TemplateResult } from "lit";
import type { Desk } from "./desk";
import { type Asked, DialogDrafts } from "./dialog-drafts";
import type { Labels } from "./labels.zh";
import { LogEnd } from "./log-end";
import { TABS } from "./tabs/all";
import { scripts } from "./tabs/scripts";
import type { Tab, TabView } from "./tabs/tab";
import { asideView } from "./views-aside";
import { type DialogKind, dialogView } from "./views-dialogs";
import { todayView } from "./views-shell";
import { sideView } from "./views-side";
import { talkView } from "./views-talk";

/** How many customers of the queue are shown at a time: a long queue does not slow the page. */
const ROWS = 50;

/** Today's desk in the page: what is open, chosen and half written there. */
export class Today implements ReactiveController {
  private declining: string | null = null;
  /** The dialog that is open. */
  private asked: Asked | null = null;
  private readonly kept = new DialogDrafts(() => this.desk.drafts);
  private tab: Tab = TABS[0];
  private rows = ROWS;
  private overrideReason = "";
  /** What was open before a reload has been looked for. */
  private resumed = false;
  private readonly logEnd = new LogEnd();
  /** The conversation that was drawn last. */
  private drawn: string | null = null;
  /** Where the keyboard belongs as soon as that is there, unless somebody has moved it from where it was. */
  private wanted: { at: string; from: Element | null } | null = null;

  constructor(
    private readonly host: LitElement,
    private readonly desk: Desk,
    private readonly words: () => Labels,
  ) {
    host.addController(this);
  }

  get shown(): boolean {
    return this.desk.where.place.view === "talks";
  }

  private get labels(): Labels {
    return this.words();
  }

  /** The lists, the conversation that is open, and what stands beside it. */
  draw(): TemplateResult {
    const { desk, labels } = this;
    const draft = desk.current ? desk.drafts.text(desk.current) : "";
    return todayView(
      sideView({
        desk,
        labels,
        declining: this.declining,
        setDeclining: (id) => this.setDeclining(id),
        rows: this.rows,
        moreRows: () => {
          this.rows += ROWS;
          this.host.requestUpdate();
        },
      }),
      talkView({
        desk,
        labels,
        draft,
        overrideReason: this.overrideReason,
        write: (text) => this.write(text),
        setOverrideReason: (text) => {
          this.overrideReason = text;
          this.host.requestUpdate();
        },
        send: () => this.send(),
        dialog: (kind) => this.ask(kind),
      }),
      this.aside(),
    );
  }

  dialog(): TemplateResult | typeof nothing {
    const { desk, labels } = this;
    if (!this.asked || !this.shown || this.asked.id !== desk.current) return nothing;
    const { kind, id } = this.asked;
    const finish = (work: Promise<boolean>) => void work.then((done) => done && this.endDialog(true));
    return dialogView({
      kind,
      labels,
      page: desk.page,
      colleagues: kind === "transfer" ? desk.tools.colleagues.now() : null,
      busy: desk.busy || !desk.online,
      cancel: () => this.endDialog(),
      close: (form) => finish(desk.deeds.close(id, form)),
      transfer: (to, note, anyway) => finish(desk.deeds.transfer(id, to, note, anyway)),
      giveBack: () => finish(desk.deeds.giveBack(id)),
      takeOver: (reason) => finish(desk.deeds.takeOver(id, reason)),
    });
  }

  send(): void {
    const { desk } = this;
    const id = desk.current;
    if (!id || !desk.online) return; // Whose it is, the server knows before the list does.
    this.logEnd.jump();
    void desk.deeds.send(id, desk.drafts.text(id).trim()).then(() => this.shown && this.focusReply());
  }

  /** A dialog about the conversation that is open. */
  ask(kind: DialogKind): void {
    this.setAsked(this.desk.current ? { kind, id: this.desk.current } : null);
    this.host.requestUpdate();
  }

  /** The offer's reasons for declining, and the keyboard on the first. */
  decline(id: string): void {
    if (!this.shown) this.desk.where.open(this.desk.where.at("talks"));
    this.setDeclining(id);
    this.want(".declining button");
  }

  /** The bank's scripts come to the front, and the keyboard into their search. */
  search(): void {
    this.choose(scripts);
    this.want("#script-search");
  }

  focusReply(): void {
    this.want("#reply, .verdict .edit"); // Of a refused reply, what leads back to it: Enter held down sends nothing.
  }

  hostUpdate(): void {
    if (this.desk.phase !== "signed-in") this.resumed = false;
    else if (!this.resumed && this.desk.lists.view) this.resume();
  }

  hostUpdated(): void {
    const { desk } = this;
    if (this.asked && !this.shown) this.setAsked(null);
    if (desk.current !== this.drawn) {
      this.drawn = desk.current;
      this.logEnd.jump();
      this.overrideReason = "";
      if (this.asked && this.asked.id !== desk.current) this.setAsked(null);
    }
    this.kept.follow(this.host.querySelector("dialog form"), this.asked);
    this.moveKeyboard();
    this.logEnd.drawn(this.host.querySelector(".events"));
  }

  /** After a reload: the dialog that was open about the conversation that is, if it may still be asked. */
  private resume(): void {
    const { desk } = this;
    const left = desk.current ? this.kept.left(desk.current) : null;
    const may = left && this.mayAsk(left);
    if (may) this.asked = left;
    // Whose one is that is not in the lists, only its snapshot tells, and that may come after them.
    this.resumed = !left || may || desk.talk?.gone || desk.talk?.state !== null;
  }

  private mayAsk({ kind, id }: Asked): boolean {
    if (kind === "close") return this.desk.lists.canWrapUp(id);
    return kind === "takeover" ? this.desk.lists.watches(id) : this.desk.lists.isMine(id);
  }

  private want(at: string): void {
    this.wanted = { at, from: document.activeElement };
    this.host.requestUpdate();
  }

  private moveKeyboard(): void {
    const { activeElement: now, body } = document;
    if (this.wanted && now !== this.wanted.from && now !== body) this.wanted = null;
    const found = this.wanted && this.shown ? this.host.querySelector<HTMLElement>(this.wanted.at) : null;
    if (!found) return;
    found.focus();
    this.wanted = null;
  }

  private get beside(): TabView {
    return { desk: this.desk, labels: this.labels, insert: (text) => this.insert(text) };
  }

  private aside(): TemplateResult {
    return asideView({ ...this.beside, tabs: TABS, tab: this.tab, choose: (tab) => this.choose(tab) });
  }

  private choose(tab: Tab): void {
    this.tab = tab;
    tab.chosen?.(this.beside);
    this.host.requestUpdate();
  }

  private setDeclining(id: string | null): void {
    this.declining = id;
    this.host.requestUpdate();
  }

  private write(text: string): void {
    if (this.desk.current) this.desk.drafts.write(this.desk.current, text);
    this.host.requestUpdate();
  }

  /** At the caret, on a line of its own where there is text already. */
  private insert(words: string): void {
    const { desk } = this;
    if (!desk.current || !desk.lists.isMine(desk.current)) return;
    const box = this.host.querySelector<HTMLTextAreaElement>("#reply");
    const text = desk.drafts.text(desk.current);
    const at = box?.selectionStart ?? text.length;
    const before = text.slice(0, at);
    const gap = before && !before.endsWith("\n") ? "\n" : "";
    this.write(before + gap + words + text.slice(at));
    this.focusReply();
  }

  private endDialog(done = false): void {
    if (done && this.asked) this.kept.done(this.asked);
    this.setAsked(null);
    this.host.requestUpdate();
  }

  private setAsked(asked: Asked | null): void {
    this.asked = asked;
    this.kept.opened(asked);
  }
}
