import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import { address } from "../place";
import { contactView } from "../views-todo";
import type { Full } from "./model";
import { actsView } from "./views-acts";
import { clocksView } from "./views-clocks";
import { classesView, fieldsView, outcomeView } from "./views-facts";
import { filesView, linkedView, timelineView } from "./views-history";
import { type CasesView, troubleView } from "./views-list";
import { dueView, flagTags, ownerName, section, severityTag } from "./views-parts";
import { taskCard } from "./views-task";
import { waitingView } from "./views-waiting";
import { waitingIn } from "./waiting";

/** One case, all of it. */
export function ticketView(view: CasesView): TemplateResult {
  const { desk, labels } = view;
  const { page } = desk.cases;
  const { full } = page;
  return html`<main class="cases ticket-page">
    <p class="crumb"><a href=${address({ view: "list" })}>← ${labels.nav_list}</a></p>
    ${page.notice ? html`<p class="notice ${page.changed ? "warn" : ""}" role="status">${page.notice}</p>` : nothing}
    ${page.trouble ? troubleView(labels, page.trouble, () => void page.load()) : nothing}
    ${full ? bodyView(view, full) : nothing}
    ${!full && !page.trouble ? html`<p class="faint" role="status">${labels.starting}</p>` : nothing}
  </main>`;
}

function bodyView(view: CasesView, full: Full): TemplateResult {
  const { labels } = view;
  const waiting = new Set(waitingIn(full).flatMap((one) => one.texts));
  const tasks = full.tasks.filter((one) => !waiting.has(one));
  return html`
    ${headView(view, full)} ${actsView(view, full)} ${waitingView(view, full)}
    <div class="ticket-columns">
      <div class="ticket-main">
        ${fieldsView(labels, full)} ${outcomeView(labels, full)}
        ${
          tasks.length > 0
            ? section(
                labels.case_tasks,
                tasks.map((one) => taskCard(view, one)),
                { name: "case-tasks", count: tasks.filter((one) => one.open).length },
              )
            : nothing
        }
        ${timelineView(labels, full)}
      </div>
      <div class="ticket-side">
        ${clocksView(view, full)} ${classesView(view, full)} ${filesView(view, full)} ${linkedView(view, full)}
      </div>
    </div>
  `;
}

function headView(view: CasesView, full: Full): TemplateResult {
  const { desk, labels } = view;
  return html`<header class="ticket-head">
    <div class="row wrap">
      <h2 tabindex="-1" data-heading>${full.number}</h2>
      ${severityTag(full.severity)} ${flagTags(labels, full)}
      <em class="tag green">${full.state_label}</em>
      ${full.round > 1 ? html`<em class="tag amber">${fill(labels.case_round, { n: full.round })}</em>` : nothing}
      <span class="grow"></span>
      ${dueView(labels, full.next, desk.lists.now)}
    </div>
    <p class="title">${full.title}</p>
    <p class="row wrap faint">
      <span>${labels[full.kind]} · ${full.channel_label}</span>
      <span>${fill(labels.case_received, { t: dueTime(full.received_at || full.opened_at) })}</span>
      <span>${fill(labels.case_owner, { name: `${ownerName(labels, full)} · ${full.owner}` })}</span>
      ${full.cap_days === null ? nothing : html`<span>${fill(labels.case_cap, { n: full.cap_days })}</span>`}
    </p>
    ${full.pause ? html`<p class="paused">${fill(labels.case_paused, { t: dueTime(full.pause.since), why: full.pause.reason })}</p>` : nothing}
    ${reachView(view, full)}
  </header>`;
}

/** How to reach the customer: without personal data, until somebody who may asks for it. */
function reachView(view: CasesView, full: Full): TemplateResult {
  const { desk, labels } = view;
  const shown = desk.todo.shown(full.number);
  return html`<div class="row wrap reach-line">
    <span><span class="faint">${labels.case_contact}</span> ${full.contact || labels.none}</span>
    ${
      full.allowed.includes("contact") && !shown
        ? html`<button
          type="button"
          title=${labels.todo_contact_hint}
          ?disabled=${desk.busy || !desk.online}
          @click=${() => void desk.todo.reveal(full.number)}
        >${labels.todo_contact}</button>`
        : nothing
    }
    ${shown ? contactView(view, full.number, full.kind, shown) : nothing}
  </div>`;
}
