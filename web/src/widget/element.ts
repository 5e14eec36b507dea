import { html, LitElement, nothing, type PropertyValues } from "lit";
import { fill } from "../shared/fill";
import { ChatApi } from "./api";
import { Chat } from "./chat";
import { takeLink } from "./customer";
import { chatIcon, downIcon } from "./icons";
import { isSendKey, keepFocusInside } from "./keys";
import { labelsFor } from "./labels";
import type { Labels } from "./labels.zh";
import { Memory } from "./memory";
import { awaitsWords, characters, choiceGroups, facing } from "./reading";
import { Scroller } from "./scroller";
import { messageStyles } from "./styles-messages";
import { panelStyles } from "./styles-panel";
import { bannerView, footView, headView, privacyView, queueView } from "./views-frame";
import { logView } from "./views-log";

/** Where this script came from: the bank's server, unless the page says otherwise. */
const scriptOrigin = (() => {
  const script = document.currentScript;
  return script instanceof HTMLScriptElement && script.src
    ? new URL(script.src).origin
    : window.location.origin;
})();

/** <qiantai-chat server open large-type lang customer>: the customer's chat, in a shadow root of its own. */
export class QiantaiChat extends LitElement {
  static override styles = [panelStyles, messageStyles];
  static override properties = {
    server: { type: String },
    open: { type: Boolean, reflect: true },
    largeType: { type: Boolean, attribute: "large-type", reflect: true },
    lang: { type: String },
    customer: { type: String },
    draft: { state: true },
    privacyShown: { state: true },
  };

  declare server: string;
  declare open: boolean;
  declare largeType: boolean;
  declare lang: string;
  /** The bank's signed link, where the page knows the customer; or the page's address has it: #customer=... */
  declare customer: string;
  declare draft: string;
  declare privacyShown: boolean;

  private chat: Chat | null = null;
  private memory: Memory | null = null;
  private link = "";
  private readonly scroller = new Scroller(
    () => this.find<HTMLElement>(".scroll"),
    () => this.requestUpdate(),
  );
  private readonly narrow = window.matchMedia("(max-width: 480px)");

  constructor() {
    super();
    this.server = "";
    this.open = false;
    this.largeType = false;
    this.lang = "zh";
    this.customer = "";
    this.draft = "";
    this.privacyShown = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("visibilitychange", this.seenAgain);
    window.addEventListener("online", this.hurry);
    window.addEventListener("pageshow", this.hurry);
    window.addEventListener("storage", this.otherTab);
    window.addEventListener("hashchange", this.otherAddress);
    window.visualViewport?.addEventListener("resize", this.fitViewport);
    window.visualViewport?.addEventListener("scroll", this.fitViewport);
    if (this.hasUpdated) this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.seenAgain);
    window.removeEventListener("online", this.hurry);
    window.removeEventListener("pageshow", this.hurry);
    window.removeEventListener("storage", this.otherTab);
    window.removeEventListener("hashchange", this.otherAddress);
    window.visualViewport?.removeEventListener("resize", this.fitViewport);
    window.visualViewport?.removeEventListener("scroll", this.fitViewport);
    this.chat?.dispose();
    this.chat = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.isConnected && (changed.has("server") || !this.chat)) this.begin();
    if (changed.has("customer") && this.customer) this.chat?.identify(this.customer);
    if (changed.has("open") && this.memory) {
      this.memory.setTab("open", this.open ? "1" : "");
      if (this.open) this.chat?.open();
    }
    if (changed.has("largeType") && changed.get("largeType") !== undefined) {
      this.memory?.setFlag("large", this.largeType);
    }
  }

  private begin(): void {
    this.chat?.dispose();
    const server = this.server ? new URL(this.server, window.location.href).origin : scriptOrigin;
    const memory = new Memory(server);
    this.memory = memory;
    this.chat = new Chat({
      api: new ChatApi(server),
      memory,
      pageUrl: (window.location.origin + window.location.pathname).slice(0, 300),
      changed: () => this.requestUpdate(),
    });
    this.link = takeLink() || this.link;
    if (this.customer || this.link) this.chat.identify(this.customer || this.link);
    this.draft = memory.tab("draft");
    this.largeType = this.largeType || memory.flag("large");
    this.open = this.open || memory.tab("open") === "1" || this.link !== ""; // The link is there to go on here.
    if (this.open) this.chat.open();
    else this.chat.resume();
  }

  protected override render() {
    const { chat } = this;
    if (!chat) return nothing;
    const labels = this.labels();
    return this.open ? this.panel(chat, labels) : this.launcher(chat, labels);
  }

  private labels(): Labels {
    return labelsFor(this.lang, this.lang.startsWith("zh") ? this.chat?.page?.labels : {});
  }

  private launcher(chat: Chat, labels: Labels) {
    const unread = chat.unread;
    const name = unread > 0 ? fill(labels.launcher_unread, { n: unread }) : labels.launcher;
    return html`<button
      type="button"
      class="launcher"
      aria-label=${name}
      aria-expanded="false"
      @click=${() => this.show()}
    >
      ${chatIcon()}<span aria-hidden="true">${labels.launcher}</span>
      ${unread > 0 ? html`<b aria-hidden="true">${Math.min(unread, 99)}</b>` : nothing}
    </button>`;
  }

  private panel(chat: Chat, labels: Labels) {
    const page = chat.page;
    const face = facing(chat.status, chat.log);
    const maxChars = page?.max_chars ?? 1000;
    const acknowledged = this.memory?.flag("privacy") ?? false;
    const pending = chat.pending;
    const asked = (id: string) => pending.some((item) => "choice" in item.body && item.body.choice === id);
    const typing = chat.status?.typing ? (face.kind === "agent" ? "agent" : "bot") : null;
    return html`<section
      class="panel ${this.largeType ? "large" : ""}"
      role="dialog"
      aria-modal=${this.narrow.matches ? "true" : "false"}
      aria-labelledby="title"
      @keydown=${this.panelKeys}
    >
      ${headView({
        labels,
        page,
        large: this.largeType,
        toggleLarge: () => {
          this.largeType = !this.largeType;
        },
        close: () => this.hide(),
      })}
      ${bannerView(labels, page, face)}
      ${
        chat.lineLost && chat.phase !== "failed"
          ? html`<p class="lost" role="alert">${labels.offline}</p>`
          : nothing
      }
      ${
        face.kind === "queue" && chat.status
          ? queueView(
              labels,
              chat.status,
              () => chat.choose({ id: "cancel", label: labels.cancel_queue }),
              asked("cancel"),
            )
          : nothing
      }
      <div class="scroll" @scroll=${this.scroller.scrolled}>
        ${
          page?.privacy.text && (!acknowledged || this.privacyShown)
            ? privacyView(labels, page, acknowledged, () => this.acknowledge())
            : nothing
        }
        ${chat.restarted === "expired" ? html`<div class="notice"><p class="text">${labels.expired}</p></div>` : nothing}
        <div
          class="log"
          role="log"
          aria-live="polite"
          aria-relevant="additions"
          aria-label=${labels.log}
          tabindex="0"
          aria-busy=${chat.status === null ? "true" : "false"}
        >
          ${logView({
            labels,
            past: chat.past,
            log: chat.log,
            pending,
            groups: choiceGroups(chat.log, chat.status, pending),
            typing,
            choose: (choice) => {
              this.scroller.atEnd = true;
              chat.choose(choice);
            },
            retry: (key) => chat.retry(key),
            discard: (key) => chat.discard(key),
          })}
        </div>
        ${this.lifecycle(chat, labels, face.kind === "closed")}
      </div>
      ${
        this.scroller.below
          ? html`<button type="button" class="below" @click=${() => this.scroller.toEnd()}>
            ${downIcon()}<span>${labels.new_messages}</span>
          </button>`
          : nothing
      }
      ${footView({
        labels,
        page,
        facing: face,
        words: awaitsWords(chat.log),
        draft: this.draft,
        maxChars,
        canSend: this.sendable(maxChars),
        humanAsked: asked("human"),
        human: () => {
          this.scroller.atEnd = true;
          chat.choose({ id: "human", label: labels.human });
        },
        showPrivacy: () => this.showPrivacy(),
        input: (text) => this.write(text),
        keydown: (event) => this.boxKeys(event),
        send: (event) => {
          event.preventDefault();
          this.send();
        },
      })}
    </section>`;
  }

  private lifecycle(chat: Chat, labels: Labels, closed: boolean) {
    if (chat.phase === "failed") {
      const hotline = chat.page?.bank.hotline;
      return html`<div class="notice" role="alert">
        <p class="text">${chat.problem || labels.start_failed}</p>
        ${hotline ? html`<p class="text">${fill(labels.start_failed_hotline, { hotline })}</p>` : nothing}
        <button type="button" class="outline" @click=${() => chat.open()}>${labels.try_again}</button>
      </div>`;
    }
    if (closed) {
      return html`<div class="notice">
        <p class="text">${labels.ended}</p>
        <button type="button" class="outline" @click=${() => chat.newConversation()}>${labels.new_conversation}</button>
      </div>`;
    }
    const quiet = chat.log.events.length === 0 && chat.past.events.length === 0;
    return chat.status === null && quiet ? html`<p class="starting">${labels.starting}</p>` : nothing;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { chat } = this;
    if (!chat) return;
    if (!this.open) {
      this.scroller.reset();
      return;
    }
    if (changed.has("open")) this.fitViewport();
    if (changed.has("draft") || changed.has("open") || changed.has("largeType")) this.growBox();
    const firstContact = !this.memory?.flag("privacy") && chat.log.events.length <= 1;
    this.scroller.follow(chat.log.lastSeq, firstContact);
    if (!document.hidden) chat.seen();
  }

  private show(): void {
    this.open = true;
    void this.updateComplete.then(() => {
      // On a phone the keyboard would cover the greeting: there the log gets the focus.
      const touch = window.matchMedia("(pointer: coarse)").matches;
      this.find<HTMLElement>(touch ? ".log" : "#box")?.focus({ preventScroll: true });
    });
  }

  private hide(): void {
    this.open = false;
    void this.updateComplete.then(() => this.find<HTMLElement>(".launcher")?.focus());
  }

  private send(): void {
    if (!this.chat || !this.sendable(this.chat.page?.max_chars ?? 1000)) return;
    this.scroller.atEnd = true;
    const text = this.draft.trim();
    this.write("");
    this.chat.send(text);
    this.find<HTMLElement>("#box")?.focus();
  }

  private sendable(maxChars: number): boolean {
    return this.draft.trim() !== "" && characters(this.draft.trim()) <= maxChars;
  }

  private write(text: string): void {
    this.draft = text;
    this.memory?.setTab("draft", text);
    if (text) this.chat?.typing();
  }

  private boxKeys(event: KeyboardEvent): void {
    if (!isSendKey(event)) return;
    event.preventDefault();
    this.send();
  }

  private readonly panelKeys = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.hide();
    } else if (event.key === "Tab" && this.narrow.matches) {
      keepFocusInside(event, this.renderRoot, this.shadowRoot?.activeElement ?? null);
    }
  };

  private acknowledge(): void {
    this.memory?.setFlag("privacy", true);
    this.privacyShown = false;
    this.requestUpdate();
    this.find<HTMLElement>("#box")?.focus();
  }

  private showPrivacy(): void {
    this.privacyShown = true;
    this.scroller.atEnd = false;
    void this.updateComplete.then(() => {
      this.find<HTMLElement>(".scroll")?.scrollTo({ top: 0 });
      this.find<HTMLElement>(".privacy-text")?.focus({ preventScroll: true });
    });
  }

  private growBox(): void {
    const box = this.find<HTMLTextAreaElement>("#box");
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 140)}px`;
  }

  /** Above a phone's keyboard the visible part is smaller than the window: the panel follows it. */
  private readonly fitViewport = (): void => {
    const view = window.visualViewport;
    const panel = this.find<HTMLElement>(".panel");
    if (!view || !panel) return;
    panel.style.setProperty("--view-height", `${Math.round(view.height)}px`);
    panel.style.setProperty("--view-top", `${Math.round(view.offsetTop)}px`);
    if (this.scroller.atEnd) this.scroller.toEnd();
  };

  private readonly hurry = (): void => this.chat?.hurry();

  private readonly seenAgain = (): void => {
    if (document.hidden) return;
    this.chat?.hurry();
    if (this.open) this.chat?.seen();
  };

  private readonly otherTab = (event: StorageEvent): void => {
    if (event.key === this.memory?.sessionKey) this.chat?.followOtherTab();
  };

  /** The page stands open already, and the customer follows the bank's link to it. */
  private readonly otherAddress = (): void => {
    const link = takeLink();
    if (!link) return;
    this.link = link;
    this.chat?.identify(link);
    this.open = true;
  };

  private find<T extends Element>(selector: string): T | null {
    return this.renderRoot.querySelector<T>(selector);
  }
}
