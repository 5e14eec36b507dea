import { html, LitElement } from "lit";
import { DeskApi } from "./api";
import { Bell, deskTitle, flashing } from "./attention";
import { commandsOf } from "./commands";
import { Desk } from "./desk";
import { pressed } from "./keys";
import { en } from "./labels.en";
import { type Labels, zh } from "./labels.zh";
import { focusWanted } from "./tickets/focus";
import { promiseDialog } from "./tickets/views-promise";
import { everySecond } from "./ticking";
import { Today } from "./today";
import { helpDialog } from "./views-help";
import { lostView } from "./views-lost";
import { placeView } from "./views-place";
import { shellView } from "./views-shell";
import { signInView } from "./views-sign-in";
import { stopsView } from "./views-stops";
import { topView } from "./views-top";

/** How often words such as 还剩3小时 are looked at. What counts seconds draws itself: `ticking`. */
const LOOK_MS = 30_000;

/** The agents' console. The page has nothing else on it, so it renders without a shadow root, styled by desk.css. */
export class DeskApp extends LitElement {
  private readonly bell = new Bell(() => this.requestUpdate());
  private language = localStorage.getItem("qiantai-desk:language") === "en" ? "en" : "zh";
  private readonly desk = new Desk({
    api: new DeskApi(),
    store: sessionStorage,
    labels: () => this.labels,
    ring: (kind) => this.bell.ring(kind),
    changed: () => this.requestUpdate(),
    navigate: (address) => {
      location.hash = address;
    },
  });
  private tick: ReturnType<typeof setInterval> | null = null;
  private halt: (() => void) | null = null;
  private readonly today = new Today(this, this.desk, () => this.labels);
  private readonly commands = commandsOf(this.desk, this.today, () => this.showHelp(true));
  private helping = false;
  /** Where the keyboard was when a dialog took it. */
  private opener: HTMLElement | null = null;
  /** The heading of the place where one has gone has had the keyboard. */
  private headed = true;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.bell.muted = localStorage.getItem("qiantai-desk:muted") === "1";
    this.halt = everySecond(this.retitle);
    this.tick = setInterval(() => this.requestUpdate(), LOOK_MS);
    document.addEventListener("visibilitychange", this.seenAgain);
    window.addEventListener("online", this.seenAgain);
    window.addEventListener("hashchange", this.moved);
    window.addEventListener("keydown", this.shortcuts);
    window.addEventListener("pointerdown", this.unlock, { once: true });
    window.addEventListener("keydown", this.unlock, { once: true });
    this.desk.where.follow(location.hash);
    void this.desk.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.tick) clearInterval(this.tick);
    this.halt?.();
    this.desk.stop();
    document.removeEventListener("visibilitychange", this.seenAgain);
    window.removeEventListener("online", this.seenAgain);
    window.removeEventListener("hashchange", this.moved);
    window.removeEventListener("keydown", this.shortcuts);
  }

  private get labels(): Labels {
    return this.language === "en" ? en : zh;
  }

  protected override render() {
    const { desk, labels } = this;
    if (desk.phase === "starting") return html`<p class="loading">${labels.starting}</p>`;
    if (desk.phase === "signed-out") return signInView(desk, labels, this.switchLanguage);
    return shellView({
      top: topView({
        desk,
        labels,
        muted: this.bell.muted,
        asleep: !this.bell.awake,
        testSound: () => void this.testSound(),
        switchSound: this.switchSound,
        switchLanguage: this.switchLanguage,
        help: () => this.showHelp(true),
        changed: () => this.requestUpdate(),
      }),
      notices: [lostView(desk, labels), stopsView(labels, desk.lists.view?.incidents ?? [])],
      main: this.today.shown ? this.today.draw() : placeView({ desk, labels }),
      overlay: [
        this.helping
          ? helpDialog(labels, () => this.showHelp(false))
          : desk.cases.promising
            ? promiseDialog({ desk, labels })
            : this.today.dialog(),
      ],
      announcements: [desk.cases.announcement, desk.clocks.announcement],
      toast: desk.toast,
    });
  }

  protected override updated(): void {
    const { desk } = this;
    this.followDialog();
    this.retitle();
    const { slot } = desk.cases;
    if (slot.wanted && focusWanted(this, slot.wanted)) {
      slot.wanted = null;
      this.headed = true;
    }
    const heading = this.headed ? null : this.querySelector<HTMLElement>("[data-heading]");
    if (heading) {
      this.headed = true;
      heading.focus();
    }
    document.documentElement.lang = this.language === "en" ? "en" : "zh-CN";
  }

  private readonly retitle = (): void => {
    const { desk, labels } = this;
    const base = `${labels.product} · ${labels.title}`;
    const unread = desk.lists.view?.mine.reduce((sum, one) => sum + desk.lists.unread(one), 0) ?? 0;
    const title = deskTitle(base, desk.lists.view?.offers.length ?? 0, unread, labels.offer);
    document.title = flashing(title, base, document.hidden, Date.now());
  };

  private showHelp(shown: boolean): void {
    this.helping = shown;
    this.requestUpdate();
  }

  /** A dialog takes the keyboard, and gives it back to where it was. */
  private followDialog(): void {
    const dialog = this.querySelector("dialog");
    if (dialog && !dialog.open) {
      this.opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      dialog.showModal();
    } else if (!dialog && this.opener) {
      if (document.activeElement === document.body) this.opener.focus();
      this.opener = null;
    }
  }

  private readonly switchLanguage = (): void => {
    this.language = this.language === "en" ? "zh" : "en";
    localStorage.setItem("qiantai-desk:language", this.language);
    this.requestUpdate();
  };

  private readonly switchSound = (): void => {
    this.bell.muted = !this.bell.muted;
    localStorage.setItem("qiantai-desk:muted", this.bell.muted ? "1" : "0");
    if (!this.bell.muted) void this.testSound(); // At once, so that nobody finds out too late that it does not work.
    this.requestUpdate();
  };

  private readonly testSound = async (): Promise<void> => {
    this.desk.say(this.labels[`sound_${await this.bell.test()}`]);
  };

  private readonly unlock = (): void => void this.bell.unlock();

  private readonly seenAgain = (): void => {
    if (!document.hidden) this.desk.hurry();
  };

  /** Another part of the console: it is read from its heading on. A form that opens with it comes first. */
  private readonly moved = (): void => {
    this.desk.where.follow(location.hash);
    this.headed = this.today.shown;
    this.requestUpdate();
  };

  private readonly shortcuts = (event: KeyboardEvent): void => {
    if (this.desk.phase !== "signed-in" || this.querySelector("dialog[open]")) return;
    pressed(event, this.commands);
  };
}
