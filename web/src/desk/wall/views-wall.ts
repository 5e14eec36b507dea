import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import type { ConsoleView } from "../views-place";
import type { Live } from "./model";
import { agentsTable } from "./views-agents";
import { dayView } from "./views-day";
import { breachesTable, groupsView, servingTable, tilesView, waitingTable } from "./views-now";
import { clockOf, staleView } from "./views-stale";

/** The desk as it stands now, and a day of it in figures. */
export function wallView(view: ConsoleView): TemplateResult {
  const { desk, labels } = view;
  const { live } = desk.wall;
  return html`<main class="cases people wall">
    <header class="cases-head"><h2 tabindex="-1" data-heading>${labels.nav_wall}</h2>
      ${live.value && !live.trouble ? html`<span class="faint">${fill(labels.wall_as_of, { t: clockOf(live.at) })}</span>` : nothing}
    </header>
    ${staleView(view, live)}
    ${live.value ? nowView(view, live.value) : nothing}
    ${dayView(view)}
  </main>`;
}

function nowView(view: ConsoleView, live: Live): TemplateResult {
  return html`${tilesView(view, live)}
    <div class="halves">
      <div class="half">${waitingTable(view, live)}${servingTable(view, live)}</div>
      <div class="half">${groupsView(view, live.queues)}${breachesTable(view, live)}</div>
    </div>
    ${agentsTable(view, live)}`;
}
