import type { Drafts } from "../drafts";
import { Form } from "./form";

const OPEN = "form:open";

/** Under which what is typed is kept, beside the replies to conversations. */
export const nameOf = (id: string) => `form:${id}`;

export interface SlotOptions {
  drafts(): Drafts;
  words(error: unknown): string;
  changed(): void;
}

/** Where the keyboard should go next: into a form, or back to what opened it. */
export interface Wanted {
  form: string;
  /** The field of the form; null: its first. */
  field?: string | null;
  back?: boolean;
}

/** The one form that is open. What is typed in others is kept, and stands there again when they are opened. */
export class FormSlot {
  form: Form | null = null;
  wanted: Wanted | null = null;

  constructor(private readonly options: SlotOptions) {}

  is(id: string): boolean {
    return this.form?.id === nameOf(id);
  }

  make(id: string): Form {
    const { words, changed } = this.options;
    return new Form({ id: nameOf(id), drafts: this.options.drafts(), words, changed });
  }

  open(id: string): void {
    this.form = this.make(id);
    this.wanted = { form: this.form.id };
    this.options.drafts().write(OPEN, this.form.id);
    this.options.changed();
  }

  close(): void {
    if (this.form) this.wanted = { form: this.form.id, back: true };
    this.form = null;
    this.options.drafts().write(OPEN, "");
    this.options.changed();
  }

  /** The page goes elsewhere: the form is shown no more, and opens again with its page. */
  leave(): void {
    this.form = null;
    this.wanted = null;
  }

  /** After a reload: the form that was open here. */
  resume(prefix: string): void {
    const id = this.options.drafts().text(OPEN);
    if (this.form || !id.startsWith(nameOf(prefix))) return;
    this.form = this.make(id.slice(nameOf("").length));
    this.options.changed();
  }

  /** Something was typed into a form that is closed now. */
  hasDraft(id: string): boolean {
    return this.options.drafts().text(nameOf(id)) !== "";
  }
}
