import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { dueTime, toBox } from "../../shared/times";
import type { ConsoleView } from "../views-place";
import { DAY, showBehind } from "./behind";
import type { Day, Totals } from "./day";
import { type Figures, moods, moodsMeasured, type Narrow, reasons, volume } from "./figures";
import { chartView } from "./views-chart";
import { drillView } from "./views-drill";
import { tile } from "./views-now";
import { figureView, NO_FIGURE, spell } from "./views-parts";
import { staleView } from "./views-stale";

/** Before it the bank had no such desk; a year that is still being typed is no day to be asked for. */
const FIRST_DAY = "2000-01-01";

/** A day's figures and charts, and what is behind one of them. */
export function dayView(view: ConsoleView): TemplateResult {
  const { desk, labels } = view;
  const { wall } = desk;
  const { value } = wall.figures;
  return html`<section aria-labelledby=${DAY}>
    <h3 id=${DAY} tabindex="-1">${labels.wall_day}<small>${value ? dueTime(value.day) : ""}</small></h3>
    ${pickerView(view)}
    ${staleView(view, wall.figures)}
    ${value ? figuresView(view, value) : nothing}
    ${drillView(view)}
  </section>`;
}

/** "今日", or the day that somebody has picked. */
export function dayWords({ desk: { wall }, labels }: ConsoleView): string {
  return wall.day === null ? labels.wall_today : dueTime(wall.day);
}

function pickerView({ desk, labels }: ConsoleView): TemplateResult {
  const { wall } = desk;
  const today = toBox(new Date(desk.lists.now).toISOString()).slice(0, 10);
  const picked = (event: Event): void => {
    const box = event.target as HTMLInputElement;
    if (box.value && box.checkValidity()) void wall.pick(box.value === today ? null : box.value);
  };
  return html`<div class="row">
    <label class="filter"><span>${labels.wall_date}</span>
      <input type="date" name="day" min=${FIRST_DAY} max=${today} .value=${wall.day ?? today} @change=${picked} /></label>
    ${wall.day === null ? nothing : html`<button type="button" @click=${() => void wall.pick(null)}>${labels.wall_back_today}</button>`}
  </div>`;
}

/** Drawn anew only when there are other figures: the page itself is drawn with every customer who comes. */
function figuresView({ desk: { wall }, labels }: ConsoleView, day: Day): unknown {
  return guard([day, labels], () => {
    const pick = (narrow: Narrow) => void showBehind(wall, narrow);
    const chart = (figures: Figures) => chartView(labels, figures, pick);
    return html`${totalsView(labels, day.totals, pick)}
      ${
        day.totals.entered === 0 && day.totals.started === 0
          ? html`<p class="empty-list" role="status">${labels.wall_empty_day}</p>`
          : html`<div class="charts">
            ${chart(volume(day, labels))}
            ${moodsMeasured(day) ? chart(moods(day, labels)) : unmeasuredView(labels)}
            ${chart(reasons(day, labels))}
          </div>`
      }`;
  });
}

function unmeasuredView(labels: ConsoleView["labels"]): TemplateResult {
  return html`<figure class="chart">
    <figcaption>${labels.wall_moods}</figcaption>
    <p class="faint">${labels.wall_moods_unknown}</p>
  </figure>`;
}

function totalsView(
  labels: ConsoleView["labels"],
  totals: Totals,
  pick: (narrow: Narrow) => void,
): TemplateResult {
  const all = (name: string, count: number, narrow: Narrow) =>
    tile(
      name,
      figureView(labels, labels.wall_day, name, count, () => pick(narrow)),
    );
  const share = totals.in_time === null ? NO_FIGURE : `${Math.round(totals.in_time * 100)}%`;
  return html`<dl class="tiles small">
    ${tile(labels.wall_started, totals.started)}
    ${all(labels.wall_entered, totals.entered, {})}
    ${tile(labels.wall_served, totals.served)}
    ${tile(labels.wall_left, totals.left)}
    ${all(labels.wall_breached, totals.breached, { breached: true })}
    ${tile(labels.wall_median_wait, spell(totals.waited_s))}
    ${tile(labels.wall_median_answer, spell(totals.first_answer_s))}
    ${tile(labels.wall_median_handling, spell(totals.handling_s))}
    ${tile(labels.wall_in_time, share)}
  </dl>`;
}
