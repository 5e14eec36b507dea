import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import type { Labels } from "../labels.zh";
import { address } from "../place";
import type { Task } from "./model";
import { nameOf } from "./slot";
import { taskSpec } from "./tasks";
import { formView } from "./views-form";
import type { CasesView } from "./views-list";
import { dueView, ticketLink, wordList } from "./views-parts";

/** One task: until when, what about, what to say, and the form that ends it. */
export function taskCard(view: CasesView, task: Task): TemplateResult {
  const { desk, labels } = view;
  const { slot } = desk.cases;
  const early = task.opens_at !== null && Date.parse(task.opens_at) > desk.lists.now;
  return html`<article class="task ${task.open ? "" : "done"}" aria-label=${`${task.label} ${task.number ?? ""}`}>
    <div class="row wrap">
      <strong>${task.what ? `${task.label}：${task.what.label}` : task.label}</strong>
      ${task.person ? html`<em class="tag">${task.person.label}</em>` : html`<em class="tag amber">${labels.task_free}</em>`}
      ${early && task.open ? html`<em class="tag">${fill(labels.clock_opens, { t: dueTime(task.opens_at ?? "") })}</em>` : nothing}
      <span class="grow"></span>
      ${
        task.open
          ? dueView(labels, { label: "", due_at: task.due_at, breached: task.overdue }, desk.lists.now)
          : html`<span class="faint">${fill(labels.task_done_at, { t: dueTime(task.done_at ?? "") })}</span>`
      }
    </div>
    ${whereView(view, task)}
    ${task.text ? html`<p class="text">${task.text}</p>` : nothing}
    ${
      task.script
        ? html`<details class="task-script"><summary>${labels.task_script}</summary><p class="text">${task.script}</p></details>`
        : nothing
    }
    ${task.answers ? answersView(labels, task.answers) : nothing}
    ${task.open ? deedsView(view, task) : nothing}
    ${
      slot.form && slot.is(`task:${task.id}`)
        ? formView({
            form: slot.form,
            spec: taskSpec(task, labels),
            labels,
            idle: desk.online,
            submit: (how) => void desk.cases.finishTask(task, how),
            cancel: () => slot.close(),
          })
        : nothing
    }
  </article>`;
}

function whereView({ desk, labels }: CasesView, task: Task): TemplateResult | typeof nothing {
  const { place } = desk.where;
  const here = place.view === "ticket" && place.number === task.number;
  const title = task.title && task.title !== task.text ? task.title : "";
  const id = task.conversation_id;
  const link =
    task.number && !here
      ? ticketLink(task.number)
      : id && !task.number
        ? html`<a href=${address({ view: "talks", conversation: id })}>${labels.case_conversation}</a>`
        : nothing;
  if (link === nothing && (here || !title)) return nothing;
  return html`<p class="row wrap">${link}${here ? nothing : html`<span class="faint">${title}</span>`}</p>`;
}

function deedsView({ desk, labels }: CasesView, task: Task): TemplateResult {
  const { slot } = desk.cases;
  const id = `task:${task.id}`;
  const mine = task.person !== null && task.person.id === desk.user?.username;
  const off = !desk.online;
  return html`<div class="row wrap">
    <button
      type="button"
      class="strong"
      data-opens=${nameOf(id)}
      aria-expanded=${slot.is(id) ? "true" : "false"}
      ?disabled=${off}
      @click=${() => (slot.is(id) ? slot.close() : slot.open(id))}
    >${labels.task_finish}${!slot.is(id) && slot.hasDraft(id) ? html`<small class="draft">${labels.has_draft}</small>` : nothing}</button>
    ${
      mine
        ? nothing
        : html`<button type="button" ?disabled=${off} @click=${() => void desk.cases.takeTask(task)}>${labels.task_take}</button>`
    }
  </div>`;
}

function answersView(labels: Labels, answers: Record<string, unknown>): TemplateResult | typeof nothing {
  const word = (name: string) => (typeof answers[name] === "string" ? (answers[name] as string) : "");
  return wordList([
    [labels.f_reached, answers.reached === false ? labels.reached_no : ""],
    [labels.f_satisfaction, word("satisfaction")],
    [labels.f_continuity, word("continuity")],
    [labels.f_suggestions, word("suggestions")],
    [labels.f_points, word("points")],
  ]);
}
