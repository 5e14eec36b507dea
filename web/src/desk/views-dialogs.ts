import { html, nothing, type TemplateResult } from "lit";
import type { Labels } from "./labels.zh";
import type { CloseForm, DeskPage } from "./model";

export type DialogKind = "close" | "transfer" | "return";

export interface DialogView {
  kind: DialogKind;
  labels: Labels;
  page: DeskPage;
  busy: boolean;
  cancel(): void;
  close(form: CloseForm): void;
  transfer(to: string, note: string): void;
  giveBack(): void;
}

export function dialogView(view: DialogView): TemplateResult {
  const { kind, labels } = view;
  const titles = { close: labels.close_title, transfer: labels.transfer_title, return: labels.give_back };
  return html`<dialog aria-labelledby="dialog-title" @cancel=${view.cancel} @close=${view.cancel}>
    <form @submit=${(event: SubmitEvent) => submit(view, event)}>
      <h2 id="dialog-title">${titles[kind]}</h2>
      ${kind === "close" ? closeFields(view) : kind === "transfer" ? transferFields(view) : html`<p>${labels.give_back_ask}</p>`}
      <div class="row end">
        <button type="button" @click=${view.cancel}>${labels.cancel}</button>
        <button type="submit" class="solid" ?disabled=${view.busy}>${labels.confirm}</button>
      </div>
    </form>
  </dialog>`;
}

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
  `;
}

function transferFields({ labels, page }: DialogView): TemplateResult {
  return html`
    <label class="field"><span>${labels.transfer_to}</span>
      <select name="to">
        <option value="">${labels.transfer_anybody}</option>
        ${page.transfer_queues.map((one) => html`<option value=${one.id}>${one.label}</option>`)}
      </select>
    </label>
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
  else if (view.kind === "transfer") view.transfer(field("to"), field("note"));
  else {
    const result = field("result") as CloseForm["result"];
    view.close({ result, category: field("category"), note: field("note") });
  }
}
