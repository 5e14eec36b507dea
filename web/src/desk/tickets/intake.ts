import { isTransient } from "../../shared/problem";
import { fromBox, toBox } from "../../shared/times";
import type { Drafts } from "../drafts";
import type { Labels } from "../labels.zh";
import { valueIn } from "./acts";
import type { CasesApi } from "./api";
import { type Field, type Form, LIMITS, type Spec, type Values } from "./form";
import type { Choices, Intake, Opened } from "./model";
import type { FormSlot } from "./slot";

/** On which ways an officer takes a complaint in. */
export const WAYS = ["phone", "counter", "letter", "mail"] as const;

export interface IntakeOptions {
  api: CasesApi;
  slot: FormSlot;
  drafts(): Drafts;
  labels(): Labels;
  choices(): Choices;
  words(error: unknown): string | null;
  onOpened(opened: Opened): void;
  changed(): void;
}

/** The form of a new complaint: empty, or filled from a conversation. */
export class IntakePage {
  form: Form | null = null;
  conversation: string | null = null;
  loading = false;
  trouble = "";
  private filled: Intake | null = null;
  private asked = 0;

  constructor(private readonly options: IntakeOptions) {}

  get id(): string {
    return `new:${this.conversation ?? ""}`;
  }

  enter(conversation: string | null): void {
    this.leave();
    this.conversation = conversation;
    this.form = this.options.slot.make(this.id);
    this.options.slot.wanted = { form: this.form.id };
    if (conversation) void this.fillIn(conversation);
  }

  leave(): void {
    this.asked += 1;
    this.form = null;
    this.filled = null;
    this.trouble = "";
    this.loading = false;
  }

  async fillIn(conversation: string): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    this.loading = true;
    this.trouble = "";
    this.options.changed();
    try {
      const filled = await this.options.api.prefill(conversation);
      if (mine !== this.asked) return;
      this.filled = filled;
    } catch (error) {
      if (mine !== this.asked) return;
      this.trouble = this.options.words(error) ?? "";
    }
    this.loading = false;
    if (this.form) this.options.slot.wanted = { form: this.form.id };
    this.options.changed();
  }

  spec(): Spec {
    return intakeSpec(this.filled, this.conversation !== null, this.options.choices(), this.options.labels());
  }

  async submit(): Promise<void> {
    const { form } = this;
    if (!form) return;
    const drafts = this.options.drafts();
    const done = await form.send(this.spec(), async (values) => {
      const intake = intakeBody(values, this.conversation);
      // The same complaint sent again after a lost answer goes under the same key: it is opened once.
      const key = drafts.keyFor(form.id, JSON.stringify(intake));
      try {
        const opened = await this.options.api.open(intake, key);
        drafts.answered(form.id);
        this.options.onOpened(opened);
      } catch (error) {
        if (!isTransient(error)) drafts.answered(form.id);
        throw error;
      }
    });
    if (!done && form.trouble) this.options.slot.wanted = { form: form.id, field: form.field };
    this.options.changed();
  }
}

export function intakeSpec(filled: Intake | null, fromChat: boolean, choices: Choices, labels: Labels): Spec {
  const options = (list: readonly string[]) => list.map((id) => ({ id, label: id }));
  const field = (name: Exclude<keyof Intake, "representatives">, more: Omit<Field, "name">): Field => ({
    name,
    initial: filled?.[name] ?? "",
    ...more,
  });
  const way: Field = {
    name: "channel",
    label: labels.f_channel,
    kind: "radio",
    required: true,
    options: WAYS.map((id) => ({ id, label: labels[`way_${id}`] })),
  };
  return {
    title: fromChat ? labels.intake_from_chat : labels.intake_title,
    submit: labels.intake_submit,
    hint: labels.intake_hint,
    fields: [
      ...(fromChat ? [] : [way]),
      field("received_at", {
        label: labels.f_received_at,
        kind: "time",
        hint: labels.f_received_hint,
        initial: toBox(filled?.received_at ?? ""),
      }),
      field("name", { label: labels.f_name, kind: "line", max: LIMITS.name }),
      field("contact", {
        label: labels.f_contact,
        kind: "line",
        max: LIMITS.contact,
        hint: labels.f_contact_hint,
      }),
      field("facts", { label: labels.f_facts, kind: "text", rows: 5, max: LIMITS.story, required: true }),
      field("request", { label: labels.f_request, kind: "text", rows: 2, max: LIMITS.words }),
      field("basis", { label: labels.f_basis, kind: "text", rows: 2, max: LIMITS.words }),
      product(filled?.product ?? "", choices, labels),
      field("amount", { label: labels.f_amount, kind: "line", max: LIMITS.name }),
      field("branch", { label: labels.f_branch, kind: "line", max: LIMITS.name }),
      field("customer_type", {
        label: labels.f_customer_type,
        kind: "radio",
        initial: filled?.customer_type || "personal",
        options: [
          { id: "personal", label: labels.type_personal },
          { id: "corporate", label: labels.type_corporate },
        ],
      }),
      field("on_behalf", {
        label: labels.f_on_behalf,
        kind: "line",
        max: LIMITS.words,
        hint: labels.f_on_behalf_hint,
      }),
      {
        name: "representatives",
        label: labels.f_representatives,
        kind: "text",
        rows: 2,
        max: 400,
        hint: labels.f_representatives_hint,
        initial: (filled?.representatives ?? []).join("\n"),
      },
      field("prefers", { label: labels.f_prefers, kind: "line", max: LIMITS.words }),
      field("severity", {
        label: labels.f_severity,
        kind: "select",
        options: options(choices.severities),
        hint: labels.f_severity_hint,
      }),
    ],
  };
}

/** What a conversation names and the bank's list does not know can be kept. */
function product(said: string, { products }: Choices, labels: Labels): Field {
  const known = valueIn(products, said);
  const options = known || !said ? products : [...products, { id: said, label: said }];
  return { name: "product", label: labels.f_product, kind: "select", options, initial: known || said };
}

export function intakeBody(values: Values, conversation: string | null): Intake {
  const { channel, received_at, severity, representatives, ...rest } = values;
  const where = conversation ? { conversation_id: conversation } : { channel: channel ?? "" };
  const lines = (representatives ?? "").split("\n").map((one) => one.trim());
  return {
    ...where,
    ...(received_at ? { received_at: fromBox(received_at) } : {}),
    ...(severity ? { severity } : {}),
    ...(rest as Omit<Intake, "representatives">),
    representatives: lines.filter(Boolean),
  };
}
