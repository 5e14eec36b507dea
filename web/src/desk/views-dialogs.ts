import { html, nothing, type TemplateResult } from "lit";
import { fromBox } from "../shared/times";
import type { Labels } from "./labels.zh";
import type { CloseForm, DeskPage, Option } from "./model";
import type { Colleague } from "./tools/model";

export type DialogKind = "close" | "transfer" | "return" | "takeover";

export interface DialogView {
  kind: DialogKind;
  labels: Labels;
  page: DeskPage;
  /** Who else is there; null where that is not known. */
  colleagues: readonly Colleague[] | null;
  busy: boolean;
  cancel(): void;
  close(form: CloseForm): void;
  /** `anyway`: also where nobody meant is free, so that the customer waits for them. */
  transfer(to: string, note: string, anyway: boolean): void;
  giveBack(): void;
  takeOver(reason: string): void;
}

export function dialogView(view: DialogView): TemplateResult {
  const { kind, labels } = view;
  const titles = {
    close: labels.close_title,
    transfer: labels.transfer_title,
    return: labels.give_back,
    takeover: labels.take_over_title,
  };
  return html`<dialog aria-labelledby="dialog-title" @cancel=${view.cancel} @close=${view.cancel}>
    <form @submit=${(event: SubmitEvent) => submit(view, event)}>
      <h2 id="dialog-title">${titles[kind]}</h2>
      ${FIELDS[kind](view)}
      <div class="row end">
        <button type="button" @click=${view.cancel}>${labels.cancel}</button>
        <button type="submit" class="solid" ?disabled=${view.busy}>${labels.confirm}</button>
      </div>
    </form>
  </dialog>`;
}

const FIELDS: Record<DialogKind, (view: DialogView) => TemplateResult> = {
  close: closeFields,
  transfer: transferFields,
  return: ({ labels }) => html`<p>${labels.give_back_ask}</p>`,
  takeover: ({ labels }) => html`<label class="field"><span>${labels.take_over_why}</span>
    <textarea name="reason" rows="3" minlength="2" maxlength="500" required></textarea>
  </label>`,
};

function closeFields({ labels, page }: DialogView): TemplateResult {
  const results = ["solved", "unsolved", "follow_up"] as const;
  return html`
    <fieldset>
      <legend>${labels.result}</legend>
      <div class="row wrap">
        ${results.map(
          (one) =>
            html`<label class="radio"><input type="radio" name="result" value=${one} required />${labels[one]}</label>`,
        )}
      </div>
    </fieldset>
    <label class="field"><span>${labels.category}</span>
      <select name="category" required>
        <option value="">${labels.choose}</option>
        ${page.categories.map((one) => html`<option value=${one.id}>${one.label}</option>`)}
      </select>
    </label>
    ${noteField(labels)}
    <fieldset @input=${forgive}>
      <legend>${labels.follow_up_title}</legend>
      <label class="field"><span>${labels.follow_up_text}</span>
        <input name="follow_up_text" maxlength="200" autocomplete="off" />
      </label>
      <label class="field"><span>${labels.follow_up_due}</span>
        <input name="follow_up_due" type="datetime-local" />
      </label>
      <p class="hint">${labels.follow_up_hint}</p>
    </fieldset>
  `;
}

const PERSON = "agent:";

/** Groups, the experienced, colleagues; these with their presence, where that is known. */
function transferFields({ labels, page, colleagues }: DialogView): TemplateResult {
  const named = ({ id, label }: Option): string => {
    if (!colleagues || !id.startsWith(PERSON)) return label;
    const there = colleagues.find((one) => PERSON + one.id === id);
    return `${label} · ${labels[there?.presence ?? "offline"]}`;
  };
  return html`
    <label class="field"><span>${labels.transfer_to}</span>
      <select name="to">
        <option value="">${labels.transfer_anybody}</option>
        ${page.transfer_queues.map((one) => html`<option value=${one.id}>${named(one)}</option>`)}
      </select>
    </label>
    <label class="radio"><input type="checkbox" name="anyway" />${labels.transfer_anyway}</label>
    ${noteField(labels, labels.note_hint)}
  `;
}

function noteField(labels: Labels, hint = ""): TemplateResult {
  return html`<label class="field"><span>${labels.note}</span>
    <textarea name="note" rows="3" maxlength="500" placeholder=${hint || nothing}></textarea>
  </label>`;
}

function submit(view: DialogView, event: SubmitEvent): void {
  event.preventDefault();
  const form = new FormData(event.target as HTMLFormElement);
  const field = (name: string) => String(form.get(name) ?? "").trim();
  if (view.kind === "return") view.giveBack();
  else if (view.kind === "takeover") view.takeOver(field("reason"));
  else if (view.kind === "transfer") view.transfer(field("to"), field("note"), form.has("anyway"));
  else {
    const result = field("result") as CloseForm["result"];
    const [text, due] = [field("follow_up_text"), field("follow_up_due")];
    if (!both(event.target as HTMLFormElement, text, due, view.labels)) return;
    const followed = text ? { follow_up: { text, due_at: fromBox(due) } } : {};
    view.close({ result, category: field("category"), note: field("note"), ...followed });
  }
}

const FOLLOW_UP = ["follow_up_text", "follow_up_due"] as const;

/** A task without a date is forgotten, and a date without words is none. */
function both(form: HTMLFormElement, text: string, due: string, labels: Labels): boolean {
  const missing = text && !due ? "follow_up_due" : due && !text ? "follow_up_text" : "";
  for (const name of FOLLOW_UP) objectTo(form, name, name === missing ? labels.follow_up_both : "");
  return form.reportValidity();
}

/** What was missing may be there now: while a box is objected to, the browser submits nothing. */
function forgive(event: Event): void {
  const { form } = event.target as HTMLInputElement;
  if (form) for (const name of FOLLOW_UP) objectTo(form, name, "");
}

function objectTo(form: HTMLFormElement, name: string, words: string): void {
  (form.elements.namedItem(name) as HTMLInputElement).setCustomValidity(words);
}
