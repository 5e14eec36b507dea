import { Problem } from "../../shared/problem";
import type { Drafts } from "../drafts";
import type { Option, Verdict } from "../model";
import { readVerdict } from "../read";

export type Values = Record<string, string>;

/** One labelled box of a form. Its value is always text; of several choices, one a line. */
export interface Field {
  name: string;
  label: string;
  kind: "line" | "text" | "select" | "radio" | "checks" | "time";
  required?: boolean;
  max?: number;
  rows?: number;
  hint?: string;
  options?: readonly Option[];
  /** What stands in it before anything was typed. */
  initial?: string;
  /** Asked for only then. */
  when?(values: Values): boolean;
}

/** How much a box takes, in characters: as much as the server (bot/console/case_bodies.py). */
export const LIMITS = { name: 64, contact: 320, words: 1000, story: 4000 } as const;

export interface Spec {
  title: string;
  submit: string;
  hint?: string;
  fields: readonly Field[];
  /** The field that goes to the customer, so what the guard completes stands in it. */
  said?: string;
}

export interface FormOptions {
  /** The name under which what is typed is kept. */
  id: string;
  drafts: Drafts;
  words(error: unknown): string;
  changed(): void;
}

/** A form on the page: what is typed, kept over a reload, and why it was refused. */
export class Form {
  busy = false;
  /** Why the server refused it, and beside which field that stands; null: on top. */
  trouble = "";
  field: string | null = null;
  verdict: Verdict | null = null;
  /** The field whose words the guard did not let pass. */
  private guarded: string | null = null;

  constructor(private readonly options: FormOptions) {}

  get id(): string {
    return this.options.id;
  }

  get touched(): boolean {
    return this.options.drafts.text(this.id) !== "";
  }

  value(field: Field): string {
    return this.typed()[field.name] ?? field.initial ?? "";
  }

  values(spec: Spec): Values {
    const all = Object.fromEntries(spec.fields.map((one) => [one.name, this.value(one).trim()]));
    for (const one of spec.fields) if (one.when && !one.when(all)) delete all[one.name];
    return all;
  }

  write(name: string, value: string): void {
    this.options.drafts.write(this.id, JSON.stringify({ ...this.typed(), [name]: value }));
    if (this.field === name) this.say("", null);
    else this.options.changed();
  }

  /** What was typed is thrown away. */
  clear(): void {
    this.options.drafts.write(this.id, "");
    this.verdict = null;
    this.say("", null);
  }

  say(trouble: string, field: string | null): void {
    this.trouble = trouble;
    this.field = field;
    this.options.changed();
  }

  dropVerdict(): void {
    this.verdict = null;
    this.options.changed();
  }

  /** Does the work with what is typed; true when it was done, and then nothing of it is kept. */
  async send(spec: Spec, work: (values: Values) => Promise<void>): Promise<boolean> {
    const values = this.values(spec);
    const missing = spec.fields.find((one) => one.required && one.name in values && !values[one.name]);
    if (this.busy || missing) return false;
    this.busy = true;
    this.say("", null);
    try {
      await work(values);
      this.busy = false;
      this.clear();
      return true;
    } catch (error) {
      this.busy = false;
      this.refused(spec, values, error);
      return false;
    }
  }

  private refused(spec: Spec, values: Values, error: unknown): void {
    const body = error instanceof Problem ? error.body : {};
    const named = spec.fields.find((one) => one.name === body.field)?.name ?? null;
    if (error instanceof Problem && error.status === 422) {
      this.guarded = named ?? spec.said ?? null;
      const verdict = readVerdict(values[this.guarded ?? ""] ?? "", body);
      this.verdict = verdict && !this.guarded ? { ...verdict, completed: null } : verdict;
    }
    if (this.verdict) this.say("", null);
    else this.say(this.options.words(error), named);
  }

  /** The guard's version takes the place of what it completes. */
  accept(): void {
    if (this.guarded && this.verdict?.completed != null) this.write(this.guarded, this.verdict.completed);
    this.dropVerdict();
  }

  private typed(): Values {
    try {
      const value = JSON.parse(this.options.drafts.text(this.id) || "{}") as Values;
      return typeof value === "object" && value !== null ? value : {};
    } catch {
      return {};
    }
  }
}
