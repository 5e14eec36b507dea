import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import { leftWords, tone } from "./due";
import type { Clock, Full } from "./model";
import type { CasesView } from "./views-list";
import { section } from "./views-parts";

/** The case's clocks: when each is due, how much of its time has gone, and whether it was kept. */
export function clocksView(view: CasesView, full: Full): TemplateResult | typeof nothing {
  const { labels } = view;
  if (full.clocks.length === 0) return nothing;
  return section(
    labels.deadlines,
    html`<ul class="clocks">${full.clocks.map((one) => html`<li>${clockView(view, one, full.paused)}</li>`)}</ul>`,
  );
}

function clockView({ desk, labels }: CasesView, clock: Clock, paused: boolean): TemplateResult {
  const late = clock.breached || (clock.state === "open" && Date.parse(clock.due_at) < desk.lists.now);
  const percent = Math.round(clock.percent);
  const colour = late ? "late" : clock.state === "open" ? tone(clock.due_at, desk.lists.now) : "";
  return html`<div class="case-clock ${clock.state} ${colour}">
    <p class="row between">
      <strong>${clock.label}</strong>
      <span class="standing">${standing({ desk, labels }, clock, late)}</span>
    </p>
    ${
      clock.state === "void"
        ? nothing
        : html`<p class="row">
          <progress
            max="100"
            .value=${Math.min(100, percent)}
            aria-label=${fill(labels.clock_percent, { name: clock.label, n: percent })}
          ></progress>
          <span class="percent">${percent}%</span>
        </p>`
    }
    <p class="faint row wrap">
      <span>${fill(labels.clock_due, { t: dueTime(clock.due_at) })}</span>
      ${clock.opens_at && Date.parse(clock.opens_at) > desk.lists.now ? html`<span>${fill(labels.clock_opens, { t: dueTime(clock.opens_at) })}</span>` : nothing}
      ${clock.done_at ? html`<span>${fill(labels.clock_done_at, { t: dueTime(clock.done_at) })}</span>` : nothing}
      ${clock.provisional ? html`<em class="tag">${labels.todo_provisional}</em>` : nothing}
      ${paused && clock.pausable && clock.state === "open" ? html`<em class="tag">${labels.flag_paused}</em>` : nothing}
    </p>
  </div>`;
}

function standing({ desk, labels }: CasesView, clock: Clock, late: boolean): string {
  if (clock.state === "void") return labels.clock_void;
  if (clock.state === "done") return late ? labels.clock_done_late : labels.clock_done;
  return leftWords(clock.due_at, desk.lists.now, labels, late);
}
