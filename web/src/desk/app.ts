import { html, LitElement, nothing } from "lit";
import { fill } from "../shared/fill";
import { elapsed } from "../shared/times";
import { DeskApi } from "./api";
import { Bell, deskTitle } from "./attention";
import { Desk } from "./desk";
import { en } from "./labels.en";
import { type Labels, zh } from "./labels.zh";
import { PRESENCES, type Script } from "./model";
import { type DialogKind, dialogView } from "./views-dialogs";
import { asideView } from "./views-package";
import { sideView } from "./views-side";
import { stopsView } from "./views-stops";
import { talkView } from "./views-talk";

const SEARCH_AFTER_MS = 250;

/** The agents' console. The page has nothing else on it, so it renders without a shadow root, styled by desk.css. */
export class DeskApp extends LitElement {
  private readonly bell = new Bell();
  private language = localStorage.getItem("qiantai-desk:language") === "en" ? "en" : "zh";
  private readonly desk = new Desk({
    api: new DeskApi(),
    store: sessionStorage,
    labels: () => this.labels,
    ring: (kind) => this.bell.ring(kind),
    changed: () => this.requestUpdate(),
  });
  private tick: ReturnType<typeof setInterval> | null = null;
  private searchTimer: ReturnType<typeof setTimeout> | null = null;
  private declining: string | null = null;
  private dialog: DialogKind | null = null;
  private tab: "package" | "scripts" = "package";
  private query = "";
  private overrideReason = "";
  private atEnd = true;
  private shown: string | null = null;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.bell.muted = localStorage.getItem("qiantai-desk:muted") === "1";
    this.tick = setInterval(() => this.requestUpdate(), 1000);
    document.addEventListener("visibilitychange", this.seenAgain);
    window.addEventListener("online", this.seenAgain);
    window.addEventListener("keydown", this.shortcuts);
    window.addEventListener("pointerdown", this.unlock, { once: true });
    window.addEventListener("keydown", this.unlock, { once: true });
    void this.desk.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.tick) clearInterval(this.tick);
    document.removeEventListener("visibilitychange", this.seenAgain);
    window.removeEventListener("online", this.seenAgain);
    window.removeEventListener("keydown", this.shortcuts);
  }

  private get labels(): Labels {
    return this.language === "en" ? en : zh;
  }

  protected override render() {
    const { desk, labels } = this;
    if (desk.phase === "starting") return html`<p class="loading">${labels.starting}</p>`;
    if (desk.phase === "signed-out") return this.signInView();
    const draft = desk.current ? desk.drafts.text(desk.current) : "";
    return html`
      ${this.topView()} ${this.lostView()} ${stopsView(labels, desk.view?.incidents ?? [])}
      <div class="columns">
        ${sideView({
          desk,
          labels,
          declining: this.declining,
          setDeclining: (id) => {
            this.declining = id;
            this.requestUpdate();
          },
        })}
        ${talkView({
          desk,
          labels,
          draft,
          overrideReason: this.overrideReason,
          write: (text) => this.write(text),
          setOverrideReason: (text) => {
            this.overrideReason = text;
            this.requestUpdate();
          },
          keys: (event) => this.replyKeys(event),
          send: () => this.send(),
          dialog: (kind) => {
            this.dialog = kind;
            this.requestUpdate();
          },
        })}
        ${asideView({
          desk,
          labels,
          tab: this.tab,
          query: this.query,
          searched: this.query.trim() !== "",
          setTab: (tab) => this.setTab(tab),
          search: (query) => this.search(query),
          insert: (script) => this.insert(script),
        })}
      </div>
      ${this.dialog ? this.dialogElement(this.dialog) : nothing}
      <div class="toast ${desk.toast ? "on" : ""}" role="alert">${desk.toast}</div>
    `;
  }

  private signInView() {
    const { desk, labels } = this;
    return html`<main class="sign-in">
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          const form = new FormData(event.target as HTMLFormElement);
          void desk.signIn(String(form.get("username")).trim(), String(form.get("password")));
        }}
      >
        <p class="logo" aria-hidden="true"></p>
        <h1>${labels.product}<small>${labels.sign_in_title}</small></h1>
        ${desk.signInTrouble ? html`<p class="trouble" role="alert">${desk.signInTrouble}</p>` : nothing}
        <label class="field"><span>${labels.username}</span>
          <input name="username" autocomplete="username" autocapitalize="none" required autofocus />
        </label>
        <label class="field"><span>${labels.password}</span>
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <button type="submit" class="solid wide" ?disabled=${desk.busy}>
          ${desk.busy ? labels.signing_in : labels.sign_in}
        </button>
        <button type="button" class="quiet" @click=${() => this.switchLanguage()}>${labels.language}</button>
      </form>
    </main>`;
  }

  private topView() {
    const { desk, labels } = this;
    const presence = desk.view?.presence;
    return html`<header class="top">
      <p class="logo" aria-hidden="true"></p>
      <h1>${desk.page.bank || labels.product}<small>${labels.title}</small></h1>
      <fieldset class="presence">
        <legend class="unseen">${labels.presence}</legend>
        ${PRESENCES.map(
          (one) => html`<label class=${one}>
            <input
              type="radio"
              name="presence"
              .checked=${presence === one}
              @change=${() => void desk.setPresence(one).then(() => this.requestUpdate())}
            /><span>${labels[one]}</span>
          </label>`,
        )}
      </fieldset>
      <span class="grow"></span>
      <button type="button" class="quiet" aria-pressed=${this.bell.muted ? "false" : "true"} @click=${this.switchSound}>
        ${this.bell.muted ? labels.unmute : labels.mute}
      </button>
      <button type="button" class="quiet" @click=${() => this.switchLanguage()}>${labels.language}</button>
      <span class="me">${desk.user?.name}</span>
      <button type="button" @click=${() => void desk.signOut()}>${labels.sign_out}</button>
    </header>`;
  }

  private lostView() {
    const { desk, labels } = this;
    const ms = Date.now() - desk.lostSince;
    if (desk.online || (desk.view && ms < 2_000)) return nothing;
    if (!desk.view && ms < 4_000) return html`<p class="lost soft" role="status">${labels.connecting}</p>`;
    return html`<p class="lost" role="alert">${fill(labels.lost, { n: elapsed(ms) })}</p>`;
  }

  private dialogElement(kind: DialogKind) {
    const { desk, labels } = this;
    const id = desk.current ?? "";
    const finish = (work: Promise<boolean>) => void work.then((done) => done && this.endDialog());
    return dialogView({
      kind,
      labels,
      page: desk.page,
      busy: desk.busy || !desk.online,
      cancel: () => this.endDialog(),
      close: (form) => finish(desk.close(id, form)),
      transfer: (to, note) => finish(desk.transfer(id, to, note)),
      giveBack: () => finish(desk.giveBack(id)),
    });
  }

  protected override updated(): void {
    const { desk, labels } = this;
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    const unread = desk.view?.mine.reduce((sum, one) => sum + desk.unread(one), 0) ?? 0;
    document.title = deskTitle(
      `${labels.product} · ${labels.title}`,
      desk.view?.offers.length ?? 0,
      unread,
      labels.offer,
    );
    document.documentElement.lang = this.language === "en" ? "en" : "zh-CN";
    const events = this.querySelector(".events");
    if (desk.current !== this.shown) {
      this.shown = desk.current;
      this.atEnd = true;
      this.overrideReason = "";
      events?.addEventListener("scroll", () => {
        this.atEnd = events.scrollHeight - events.scrollTop - events.clientHeight < 80;
      });
    }
    if (events && this.atEnd) events.scrollTop = events.scrollHeight;
  }

  private write(text: string): void {
    if (this.desk.current) this.desk.drafts.write(this.desk.current, text);
    this.requestUpdate();
  }

  private send(): void {
    const { desk } = this;
    const id = desk.current;
    if (!id || !desk.online || !desk.isMine(id)) return;
    this.atEnd = true;
    void desk.send(id, desk.drafts.text(id).trim()).then(() => this.focusReply());
  }

  private replyKeys(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  private focusReply(): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("#reply")?.focus());
  }

  private setTab(tab: "package" | "scripts"): void {
    this.tab = tab;
    if (tab === "scripts" && this.desk.scripts.length === 0) this.search(this.query);
    this.requestUpdate();
  }

  private search(query: string): void {
    this.query = query;
    if (this.searchTimer) clearTimeout(this.searchTimer);
    this.searchTimer = setTimeout(() => void this.desk.search(query.trim()), SEARCH_AFTER_MS);
    this.requestUpdate();
  }

  /** At the caret, on a line of its own where there is text already. */
  private insert(script: Script): void {
    const { desk } = this;
    if (!desk.current || !desk.isMine(desk.current)) return;
    const box = this.querySelector<HTMLTextAreaElement>("#reply");
    const text = desk.drafts.text(desk.current);
    const at = box?.selectionStart ?? text.length;
    const before = text.slice(0, at);
    const gap = before && !before.endsWith("\n") ? "\n" : "";
    this.write(before + gap + script.text + text.slice(at));
    this.focusReply();
  }

  private endDialog(): void {
    this.dialog = null;
    this.requestUpdate();
  }

  private switchLanguage(): void {
    this.language = this.language === "en" ? "zh" : "en";
    localStorage.setItem("qiantai-desk:language", this.language);
    this.requestUpdate();
  }

  private readonly switchSound = (): void => {
    this.bell.muted = !this.bell.muted;
    localStorage.setItem("qiantai-desk:muted", this.bell.muted ? "1" : "0");
    this.bell.unlock();
    this.bell.ring("offer"); // Heard at once, so that nobody finds out too late that the sound does not work.
    this.requestUpdate();
  };

  private readonly unlock = (): void => this.bell.unlock();

  private readonly seenAgain = (): void => {
    if (!document.hidden) this.desk.hurry();
  };

  private readonly shortcuts = (event: KeyboardEvent): void => {
    if (!event.altKey || !/^[1-9]$/.test(event.key)) return;
    const item = this.desk.view?.mine[Number(event.key) - 1];
    if (!item) return;
    event.preventDefault();
    this.desk.select(item.conversation_id);
    this.focusReply();
  };
}
