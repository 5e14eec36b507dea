import { fill } from "../../shared/fill";
import { Problem } from "../../shared/problem";
import type { Labels } from "../labels.zh";
import { type Act, actBody, actSpec, isAct, isAtOnce } from "./acts";
import type { CasesApi } from "./api";
import { refusedFile } from "./files";
import type { Choices, Full } from "./model";
import { type FormSlot, nameOf } from "./slot";
import { toldId } from "./waiting";

export interface PageOptions {
  api: CasesApi;
  slot: FormSlot;
  labels(): Labels;
  choices(): Choices;
  /** Says why something did not work; null when the session is over. */
  words(error: unknown): string | null;
  changed(): void;
}

/** One case on the screen: read, acted on, read again. */
export class CasePage {
  number: string | null = null;
  full: Full | null = null;
  /** Why it cannot be shown, or is not up to date. */
  trouble = "";
  /** What just happened to it. */
  notice = "";
  /** It was somebody else who changed it. */
  changed = false;
  /** Why the last act did not work. */
  refused = "";
  busy = false;
  uploading = false;
  fileTrouble = "";
  private asked = 0;

  constructor(private readonly options: PageOptions) {}

  /** What is said from now on is about this case. */
  begin(number: string): void {
    if (number !== this.number) this.forget();
    this.number = number;
  }

  forget(): void {
    this.asked += 1;
    this.number = null;
    this.full = null;
    this.trouble = "";
    this.notice = "";
    this.changed = false;
    this.refused = "";
    this.fileTrouble = "";
  }

  async load(): Promise<void> {
    const { number } = this;
    if (!number) return;
    this.asked += 1;
    const mine = this.asked;
    try {
      const full = await this.options.api.ticket(number);
      if (mine !== this.asked) return;
      this.show(full);
      this.trouble = "";
      this.options.slot.resume(`${number}/`);
    } catch (error) {
      if (mine !== this.asked) return;
      this.trouble = this.options.words(error) ?? "";
      if (error instanceof Problem && (error.status === 404 || error.status === 403)) this.full = null;
    }
    this.options.changed();
  }

  /** The act whose form is open, also when the case does not allow it any more: what was typed stays to be read. */
  get act(): Act | null {
    const [number, name = ""] = this.open;
    return number === nameOf(`${this.number}`) && isAct(name) ? name : null;
  }

  /** Of the act `told`: which text; "" where the act says it of none. */
  get what(): string {
    return (this.act && this.open[2]) ?? "";
  }

  private get open(): string[] {
    return this.options.slot.form?.id.split("/") ?? [];
  }

  press(act: Act): void {
    if (isAtOnce(act)) void this.atOnce(act);
    else this.turn(`${this.number}/${act}`);
  }

  /** A text that waits for a person was told: how, is asked beside it. */
  pressTold(what: string): void {
    this.turn(toldId(`${this.number}`, what));
  }

  private turn(id: string): void {
    if (this.options.slot.is(id)) this.options.slot.close();
    else this.options.slot.open(id);
  }

  /** Does the act with what is typed in its form. */
  async submit(how: { confirmed?: boolean } = {}): Promise<void> {
    const { act, what, full } = this;
    const { form } = this.options.slot;
    if (!act || !full || !form) return;
    this.refused = "";
    const spec = actSpec(act, full, this.options.choices(), this.options.labels());
    const said = what ? { ...how, what } : how;
    const done = await form.send(spec, (values) => this.run(act, { ...actBody(act, values), ...said }));
    const { slot } = this.options;
    if (done) slot.close();
    else if (form.trouble) slot.wanted = { form: form.id, field: form.field };
    this.options.changed();
  }

  async upload(file: File): Promise<boolean> {
    const { number } = this;
    if (!number || this.uploading) return false;
    this.fileTrouble = refusedFile(file, this.options.choices().files, this.options.labels());
    this.options.changed();
    if (this.fileTrouble) return false;
    this.uploading = true;
    try {
      await this.options.api.upload(number, file);
      this.told(fill(this.options.labels().file_sent, { name: file.name }));
      return true;
    } catch (error) {
      this.fileTrouble = this.options.words(error) ?? "";
      return false;
    } finally {
      this.uploading = false;
      void this.load();
    }
  }

  told(words: string): void {
    this.notice = words;
    this.changed = false;
    this.options.changed();
  }

  private async atOnce(act: Act): Promise<void> {
    if (this.busy) return;
    this.refused = "";
    try {
      await this.run(act, {});
    } catch (error) {
      this.refused = this.options.words(error) ?? "";
    }
    this.options.changed();
  }

  /** An act on the version that is shown. If somebody was faster, the case is read again, and the page says so. */
  private async run(act: Act, body: object): Promise<void> {
    const { number, full } = this;
    if (!number || !full) return;
    this.busy = true;
    this.notice = "";
    this.changed = false;
    this.options.changed();
    const labels = this.options.labels();
    try {
      const after = await this.options.api.act(number, act, full.version, body);
      if (number !== this.number) return;
      this.asked += 1; // An older reading that is under way comes too late.
      if (after) this.show(after);
      else await this.load();
      this.notice = fill(labels.acted, { act: labels[`act_${act}`] });
    } catch (error) {
      if (error instanceof Problem && error.status === 409 && number === this.number) {
        await this.load();
        this.notice = labels.case_changed;
        this.changed = true;
      }
      throw error;
    } finally {
      this.busy = false;
    }
  }

  /** A reading from before an act may arrive after it: the higher version is the later truth. */
  private show(full: Full): void {
    const older = this.full !== null && this.full.number === full.number && full.version < this.full.version;
    if (!older) this.full = full;
  }
}
