import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { Labels } from "../labels.zh";
import { verdictTitle, verdictView } from "../views-guard";
import type { Field, Form, Spec } from "./form";

export interface FormView {
  form: Form;
  spec: Spec;
  labels: Labels;
  /** Not offline and nothing else under way. */
  idle: boolean;
  /** Why it cannot be sent now, although it can be written on; "" when it can. */
  barred?: string;
  submit(how?: { confirmed?: boolean }): void;
  cancel(): void;
}

/** A form with its labelled boxes, what the server said of it, and what the guard said. */
export function formView(view: FormView): TemplateResult {
  const { form, spec, labels, barred = "" } = view;
  const off = !view.idle || form.busy || barred !== "";
  const top = form.trouble && form.field === null ? form.trouble : barred;
  return html`<form
    class="case-form"
    data-form=${form.id}
    aria-label=${spec.title}
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      if (!off) view.submit();
    }}
    @keydown=${(event: KeyboardEvent) => keys(view, event)}
  >
    <h3>${spec.title}</h3>
    ${spec.hint ? html`<p class="hint">${spec.hint}</p>` : nothing}
    ${top ? html`<p class="trouble" role="alert">${top}</p>` : nothing}
    <div class="fields">
      ${repeat(
        shownFields(form, spec),
        (one) => one.name,
        (one) => fieldView(form, one, labels),
      )}
    </div>
    ${form.verdict ? guardView(view, off) : nothing}
    <div class="row end">
      ${
        form.touched
          ? html`<button type="button" class="quiet" ?disabled=${form.busy} @click=${() => form.clear()}>${labels.form_clear}</button>`
          : nothing
      }
      <button type="button" @click=${view.cancel}>${labels.cancel}</button>
      <button type="submit" class="solid" ?disabled=${off}>${form.busy ? labels.sending : spec.submit}</button>
    </div>
  </form>`;
}

function shownFields(form: Form, spec: Spec): Field[] {
  const values = Object.fromEntries(spec.fields.map((one) => [one.name, form.value(one)]));
  return spec.fields.filter((one) => !one.when || one.when(values));
}

function keys(view: FormView, event: KeyboardEvent): void {
  if (event.isComposing) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    view.cancel();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    (event.currentTarget as HTMLFormElement).requestSubmit();
  }
}

function guardView({ form, labels, submit }: FormView, off: boolean): TemplateResult | typeof nothing {
  const { verdict } = form;
  if (!verdict) return nothing;
  return html`<section class="case-verdict verdict" aria-label=${verdictTitle(labels, verdict)}>
    ${verdictView({
      labels,
      verdict,
      idle: !off,
      trouble: "",
      complete: () => {
        form.accept();
        submit();
      },
      edit: () => form.dropVerdict(),
      confirm: () => submit({ confirmed: true }),
      override: null,
    })}
  </section>`;
}

function fieldView(form: Form, field: Field, labels: Labels): TemplateResult {
  const id = `${form.id}-${field.name}`;
  const wrong = form.field === field.name && form.trouble !== "";
  const notes = [field.hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ");
  const below = html`
    ${field.hint ? html`<p class="hint" id=${`${id}-hint`}>${field.hint}</p>` : nothing}
    ${wrong ? html`<p class="wrong" role="alert" id=${`${id}-wrong`}>${form.trouble}</p>` : nothing}
  `;
  const name = html`<span class=${field.required ? "must" : ""}>${field.label}</span>`;
  if (field.kind === "radio" || field.kind === "checks") {
    return html`<fieldset class="field of-${field.kind}" aria-describedby=${notes || nothing}>
      <legend>${name}</legend>
      ${field.kind === "radio" ? radios(form, field, id) : checks(form, field, id)}
      ${below}
    </fieldset>`;
  }
  return html`<div class="field of-${field.kind}">
    <label for=${id}>${name}</label>
    ${box(form, field, labels, { id, notes, wrong })}
    ${below}
  </div>`;
}

interface Marks {
  id: string;
  notes: string;
  wrong: boolean;
}

function box(form: Form, field: Field, labels: Labels, { id, notes, wrong }: Marks): TemplateResult {
  const value = form.value(field);
  const write = (event: Event) => form.write(field.name, (event.target as HTMLInputElement).value);
  const described = notes || nothing;
  const invalid = wrong ? "true" : "false";
  if (field.kind === "text") {
    return html`<textarea
      id=${id}
      name=${field.name}
      rows=${field.rows ?? 3}
      maxlength=${field.max ?? nothing}
      ?required=${field.required}
      aria-describedby=${described}
      aria-invalid=${invalid}
      .value=${live(value)}
      @input=${write}
    ></textarea>`;
  }
  if (field.kind === "select") {
    return html`<select
      id=${id}
      name=${field.name}
      ?required=${field.required}
      aria-describedby=${described}
      aria-invalid=${invalid}
      @change=${write}
    >
      <option value="" .selected=${live(value === "")}>${labels.choose}</option>
      ${(field.options ?? []).map(
        (one) => html`<option value=${one.id} .selected=${live(one.id === value)}>${one.label}</option>`,
      )}
    </select>`;
  }
  return html`<input
    id=${id}
    name=${field.name}
    type=${field.kind === "time" ? "datetime-local" : "text"}
    maxlength=${field.kind === "line" ? (field.max ?? nothing) : nothing}
    autocomplete="off"
    ?required=${field.required}
    aria-describedby=${described}
    aria-invalid=${invalid}
    .value=${live(value)}
    @input=${write}
  />`;
}

function radios(form: Form, field: Field, id: string): TemplateResult {
  const value = form.value(field);
  return html`<div class="row wrap">
    ${(field.options ?? []).map(
      (one) => html`<label class="radio"><input
        type="radio"
        name=${id}
        value=${one.id}
        ?required=${field.required}
        .checked=${live(value === one.id)}
        @change=${() => form.write(field.name, one.id)}
      />${one.label}</label>`,
    )}
  </div>`;
}

function checks(form: Form, field: Field, id: string): TemplateResult {
  const chosen = form.value(field).split("\n").filter(Boolean);
  const turn = (one: string) =>
    chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
  return html`<div class="row wrap many">
    ${(field.options ?? []).map(
      (one) => html`<label class="radio"><input
        type="checkbox"
        name=${id}
        value=${one.id}
        .checked=${live(chosen.includes(one.id))}
        @change=${() => form.write(field.name, turn(one.id).join("\n"))}
      />${one.label}</label>`,
    )}
  </div>`;
}
