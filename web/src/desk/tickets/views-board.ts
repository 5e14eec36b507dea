import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { address } from "../place";
import { COLUMNS, type Column, columns } from "./due";
import type { Brief } from "./model";
import { type CasesView, troubleView } from "./views-list";
import { dueView, flagTags, ownerName, severityTag } from "./views-parts";

/** Open cases by the clock that ends next. */
export function boardView(view: CasesView): TemplateResult {
  const { desk, labels } = view;
  const { board } = desk.cases;
  const sorted = columns(board.rows, desk.lists.now);
  return html`<main class="cases">
    <header class="cases-head"><h2 tabindex="-1" data-heading>${labels.nav_board}</h2></header>
    <div class="cases-body board-body">
      ${board.trouble ? troubleView(labels, board.trouble, () => void board.all()) : nothing}
      ${!board.loaded && !board.trouble ? html`<p class="faint" role="status">${labels.starting}</p>` : nothing}
      ${board.loaded ? html`<div class="board">${COLUMNS.map((one) => columnView(view, one, sorted[one]))}</div>` : nothing}
      ${board.next === null ? nothing : html`<p class="faint" role="status">${labels.board_cut}</p>`}
    </div>
  </main>`;
}

function columnView(view: CasesView, name: Column, rows: readonly Brief[]): TemplateResult {
  const title = view.labels[`column_${name}`];
  return html`<section class="column ${name}" aria-label=${title}>
    <h3>${title}<small>${rows.length}</small></h3>
    ${rows.length === 0 ? html`<p class="empty">${view.labels.column_empty}</p>` : nothing}
    <ul>
      ${repeat(
        rows,
        (one) => one.number,
        (one) => html`<li>${cardView(view, one)}</li>`,
      )}
    </ul>
  </section>`;
}

function cardView({ desk, labels }: CasesView, one: Brief): TemplateResult {
  return html`<a class="board-card" href=${address({ view: "ticket", number: one.number })}>
    <span class="row between"><span class="number">${one.number}</span>${severityTag(one.severity)}</span>
    <strong class="two-lines">${one.title}</strong>
    ${flagTags(labels, one)}
    <span class="sub">${one.state_label} · ${ownerName(labels, one)}</span>
    ${dueView(labels, one.next, desk.lists.now)}
  </a>`;
}
