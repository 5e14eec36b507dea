import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import { changes, submitted, workFields, workOf } from "../people/views-forms";
import type { ConsoleView } from "../views-place";
import { showBehind } from "./behind";
import type { Narrow } from "./figures";
import type { Agent, Live } from "./model";
import { dayWords } from "./views-day";
import { figureView, listView, NO_FIGURE, sinceView, spell } from "./views-parts";

const COLOURS = { ready: "green", busy: "amber", away: "amber", offline: "" } as const;

/** Everybody who serves: how he stands now, and what he has done on the day that is shown. */
export function agentsTable(view: ConsoleView, live: Live): TemplateResult {
  const { labels, desk } = view;
  const may = desk.wall.may("skills");
  const ofDay = (what: string) => fill(labels.wall_of_day, { what, day: dayWords(view) });
  const heads = [
    labels.wall_agent,
    labels.wall_state,
    labels.wall_load,
    labels.people_skills,
    ofDay(labels.wall_served),
    ofDay(labels.wall_first_answer),
    ofDay(labels.wall_breached),
    ...(may ? [labels.people_act] : []),
  ];
  return listView(labels.wall_agents, {
    id: "wall-agents",
    heads,
    rows: repeat(
      live.agents,
      (one) => one.id,
      (
        one,
      ) => html`<tr>${nowCells(view, one)}${dayCells(view, one)}${may ? changeCell(view, one) : nothing}</tr>
        ${may && desk.wall.crew.opened === one.id ? formRow(view, one, heads.length) : nothing}`,
    ),
  });
}

function nowCells(view: ConsoleView, one: Agent): TemplateResult {
  const { labels } = view;
  return html`<th scope="row">${one.label} ${one.senior ? html`<em class="tag">${labels.wall_senior}</em>` : nothing}</th>
    <td><em class="tag ${COLOURS[one.presence]}">${labels[one.presence]}</em>
      ${one.idle_since && one.load === 0 ? html`<span class="sub">${sinceView(view, one.idle_since, (t) => fill(labels.wall_idle, { t }))}</span>` : nothing}</td>
    <td class="number">${one.load}/${one.limit}</td>
    <td>${one.skills.map((skill) => skill.label).join(labels.list_and) || labels.none}</td>`;
}

/** Who served nobody on that day has no figures of it; before they have come, nobody has. */
function dayCells({ desk: { wall }, labels }: ConsoleView, one: Agent): TemplateResult {
  const his = wall.figures.value?.agents.find((served) => served.id === one.id);
  const agent = { id: one.id, label: one.label };
  const count = (n: number, name: string, narrow: Narrow) =>
    figureView(labels, one.label, name, n, () => void showBehind(wall, narrow));
  return html`<td class="number">${his ? count(his.served, labels.wall_served, { agent }) : NO_FIGURE}</td>
    <td class="number">${spell(his?.first_answer_s ?? null)}</td>
    <td class="number">${his ? count(his.breached, labels.wall_breached, { agent, breached: true }) : NO_FIGURE}</td>`;
}

function changeCell({ desk: { wall }, labels }: ConsoleView, one: Agent): TemplateResult {
  const { crew } = wall;
  const open = crew.opened === one.id;
  return html`<td><button
    type="button"
    aria-expanded=${open ? "true" : "false"}
    aria-label=${open ? nothing : fill(labels.wall_change_whose, { name: one.label })}
    @click=${() => (open ? crew.shut() : void crew.open(one.id))}
  >${open ? labels.people_shut : labels.wall_change}</button></td>`;
}

function formRow({ desk: { wall }, labels }: ConsoleView, one: Agent, columns: number): TemplateResult {
  const { crew } = wall;
  const { person } = crew;
  return html`<tr class="opened"><td colspan=${columns}><div class="person">
    ${crew.trouble ? html`<p class="trouble" role="alert">${crew.trouble}</p>` : nothing}
    ${!person && !crew.trouble ? html`<p class="faint" role="status">${labels.starting}</p>` : nothing}
    ${
      person
        ? keyed(
            person.username,
            html`<form aria-label=${fill(labels.wall_change_whose, { name: one.label })}
              @submit=${submitted((data) => crew.save(changes(person, workOf(data))))}>
              ${workFields(labels, crew.offered, person)}
              <button class="solid" ?disabled=${crew.busy}>${labels.people_save}</button>
              <span class="done" role="status">${crew.done ? labels.people_saved : ""}</span>
            </form>`,
          )
        : nothing
    }
  </div></td></tr>`;
}
