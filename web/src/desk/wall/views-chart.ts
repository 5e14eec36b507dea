import { html, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import type { Labels } from "../labels.zh";
import type { Figures, Narrow, Series } from "./figures";
import { figureView } from "./views-parts";

type Pick = (narrow: Narrow) => void;

/** A chart, and its figures as a table, from which the same can be opened without a mouse. */
export function chartView(labels: Labels, figures: Figures, pick: Pick): TemplateResult {
  return html`<figure class="chart">
    <figcaption>${figures.title}</figcaption>
    <wall-chart .figures=${figures} .labels=${labels} .pick=${pick}></wall-chart>
    <details>
      <summary>${fill(labels.wall_table, { what: figures.title })}</summary>
      <div class="scroll" tabindex="0" role="group" aria-label=${figures.title}>${figuresTable(labels, figures, pick)}</div>
    </details>
  </figure>`;
}

/** Points with nothing in them, such as the hours of the night, are left out. */
function figuresTable(labels: Labels, figures: Figures, pick: Pick): TemplateResult {
  const { points, series } = figures;
  const filled = points
    .map((point, index) => ({ point, index }))
    .filter(({ index }) => series.some((one) => (one.values[index] ?? 0) > 0));
  return html`<table class="plain">
    <thead><tr>
      <th scope="col">${figures.axis}</th>
      ${series.map((one) => html`<th scope="col">${one.label}</th>`)}
    </tr></thead>
    <tbody>${filled.map(
      ({ point, index }) => html`<tr>
        <th scope="row">${point}</th>
        ${series.map((one) => html`<td class="number">${cell(labels, point, one, index, pick)}</td>`)}
      </tr>`,
    )}</tbody>
  </table>`;
}

function cell(
  labels: Labels,
  point: string,
  { values, behind, label }: Series,
  index: number,
  pick: Pick,
): unknown {
  const value = values[index] ?? 0;
  const narrow = behind[index];
  if (!narrow) return value;
  return figureView(labels, point, label, value, () => pick(narrow));
}
