import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import type { Labels } from "../labels.zh";
import { actSpec } from "./acts";
import type { Full, Task } from "./model";
import { nameOf } from "./slot";
import { formView } from "./views-form";
import type { CasesView } from "./views-list";
import { dueView, section } from "./views-parts";
import { toldId, type Waiting, waitingIn } from "./waiting";

/** What the customer does not know yet, because only a person can tell him: the words, and a button for each. */
export function waitingView(view: CasesView, full: Full): TemplateResult | typeof nothing {
  const { labels } = view;
  const waiting = waitingIn(full);
  if (waiting.length === 0) return nothing;
  return section(
    labels.to_tell,
    html`
      <p class="hint">${labels.to_tell_hint}</p>
      ${repeat(
        waiting,
        (one) => one.what.id,
        (one) => textView(view, full, one),
      )}
    `,
    { name: "waiting", count: waiting.length },
  );
}

function textView(view: CasesView, full: Full, { what, texts }: Waiting): TemplateResult {
  const { desk, labels } = view;
  const { page, slot } = desk.cases;
  const id = toldId(full.number, what.id);
  const open = slot.is(id);
  return html`<article class="task" aria-label=${what.label}>
    ${texts.map((one) => wordsView(view, one, what.label))}
    <div class="row wrap">
      <button
        type="button"
        class="strong"
        data-opens=${nameOf(id)}
        aria-expanded=${open ? "true" : "false"}
        aria-label=${fill(labels.to_tell_done, { what: what.label })}
        ?disabled=${!desk.online || page.busy}
        @click=${() => page.pressTold(what.id)}
      >${labels.told}${draftView(labels, !open && slot.hasDraft(id))}</button>
    </div>
    ${
      open && slot.form
        ? formView({
            form: slot.form,
            spec: actSpec("told", full, desk.cases.choices, labels),
            labels,
            idle: desk.online && !page.busy,
            submit: (how) => void page.submit(how),
            cancel: () => slot.close(),
          })
        : nothing
    }
  </article>`;
}

/** What to read out, or to send by hand. */
function wordsView({ desk, labels }: CasesView, task: Task, name: string): TemplateResult {
  return html`
    <div class="row wrap">
      <strong>${name}</strong>
      ${task.person ? html`<em class="tag">${task.person.label}</em>` : html`<em class="tag amber">${labels.task_free}</em>`}
      <span class="grow"></span>
      ${dueView(labels, { label: "", due_at: task.due_at, breached: task.overdue }, desk.lists.now)}
    </div>
    <blockquote class="text">${task.text}</blockquote>
  `;
}

function draftView(labels: Labels, kept: boolean): TemplateResult | typeof nothing {
  return kept ? html`<small class="draft">${labels.has_draft}</small>` : nothing;
}
