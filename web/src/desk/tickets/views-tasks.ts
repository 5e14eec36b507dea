import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { dueTime } from "../../shared/times";
import type { Alert } from "./model";
import { type CasesView, troubleView } from "./views-list";
import { ticketLink } from "./views-parts";
import { taskCard } from "./views-task";

/** My tasks and alerts. */
export function tasksView(view: CasesView): TemplateResult {
  const { desk, labels } = view;
  const { tasks } = desk.cases;
  return html`<main class="cases">
    <header class="cases-head">
      <h2 tabindex="-1" data-heading>${labels.nav_tasks}</h2>
      ${choice(
        labels.task_whose,
        tasks.owner,
        [
          ["me", labels.tasks_mine],
          ["all", labels.tasks_all],
        ],
        (owner) => void tasks.show(owner, tasks.state),
      )}
      ${choice(
        labels.list_state,
        tasks.state,
        [
          ["open", labels.tasks_open],
          ["done", labels.tasks_done],
        ],
        (state) => void tasks.show(tasks.owner, state),
      )}
    </header>
    <div class="cases-body">
      ${alertsView(view)}
      ${tasks.trouble ? troubleView(labels, tasks.trouble, () => void tasks.load()) : nothing}
      ${!tasks.loaded && !tasks.trouble ? html`<p class="faint" role="status">${labels.starting}</p>` : nothing}
      ${tasks.loaded && tasks.rows.length === 0 ? html`<p class="empty-list" role="status">${labels.tasks_none}</p>` : nothing}
      <div class="tasks">
        ${repeat(
          tasks.rows,
          (one) => one.id,
          (one) => taskCard(view, one),
        )}
      </div>
    </div>
  </main>`;
}

/** One of two, as buttons that are pressed or not. */
function choice<T extends string>(
  label: string,
  value: T,
  options: readonly (readonly [T, string])[],
  choose: (value: T) => void,
): TemplateResult {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${options.map(
      ([id, words]) => html`<button
        type="button"
        aria-pressed=${id === value ? "true" : "false"}
        @click=${() => choose(id)}
      >${words}</button>`,
    )}
  </div>`;
}

function alertsView({ desk, labels }: CasesView): TemplateResult | typeof nothing {
  const { alerts } = desk.cases;
  if (alerts.rows.length === 0 && !alerts.stale) return nothing;
  return html`<section class="alerts" aria-label=${labels.alerts}>
    <h3>${labels.alerts}<small>${alerts.rows.length}</small></h3>
    ${alerts.stale ? html`<p class="empty warn" role="status">${labels.alerts_stale}</p>` : nothing}
    <ul>
      ${repeat(
        alerts.rows,
        (one) => one.id,
        (one) => html`<li class="alert ${loud(one) ? "late" : ""}">
          <span class="grow text">${one.text}</span>
          ${one.number ? ticketLink(one.number) : nothing}
          <time class="faint" datetime=${one.at}>${dueTime(one.at)}</time>
          <button type="button" ?disabled=${!desk.online} @click=${() => void alerts.seen(one.id)}>${labels.alert_seen}</button>
        </li>`,
      )}
    </ul>
  </section>`;
}

function loud(alert: Alert): boolean {
  return alert.kind === "breach" || alert.kind === "group" || (alert.level ?? 0) >= 100;
}
