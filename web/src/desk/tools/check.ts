import type { DeskApi } from "../api";
import type { Checked } from "./model";

export interface CheckOptions {
  api: DeskApi;
  changed(): void;
}

export const CHECK_AFTER_MS = 600;

/** What the guard says of a reply while it is written. It only helps: sending is judged anew. */
export class Check {
  private about = { id: "", text: "" };
  private said: Checked | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: CheckOptions) {}

  /** The verdict on exactly this text, or null while there is none. */
  of(id: string, text: string): Checked | null {
    return this.about.id === id && this.about.text === text.trim() ? this.said : null;
  }

  /** Asks after a pause in the typing, once for each text; what was said of an earlier one is gone at once. */
  follow(id: string, text: string): void {
    const about = { id, text: text.trim() };
    if (this.about.id === id && this.about.text === about.text) return;
    this.forget();
    this.about = about;
    if (about.text) this.timer = setTimeout(() => void this.ask(about), CHECK_AFTER_MS);
  }

  forget(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.said = null;
    this.about = { id: "", text: "" };
  }

  /** No verdict is no trouble: the reply can be sent all the same, and is judged then. */
  private async ask(about: { id: string; text: string }): Promise<void> {
    const said = await this.options.api.check(about.id, about.text).catch(() => null);
    if (this.about !== about) return;
    this.said = said;
    this.options.changed();
  }
}
