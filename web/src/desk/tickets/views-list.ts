import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import type { Desk } from "../desk";
import type { Labels } from "../labels.zh";
import type { Option } from "../model";
import { address } from "../place";
import { moreView } from "../views-table";
import { exportAddress } from "./api";
import type { Cases } from "./cases";
import { ALL_OPEN, exportQuery, type Filters } from "./filters";
import type { Brief } from "./model";
import { dueView, flagTags, ownerName, severityTag, ticketLink } from "./views-parts";

export interface CasesView {
  desk: Desk;
  labels: Labels;
}

export function listView(view: CasesView): TemplateResult {
  const { desk, labels } = view;
  const { list } = desk.cases;
  return html`<main class="cases">
    <header class="cases-head">
      <h2 tabindex="-1" data-heading>${labels.nav_list}</h2>
      <span class="grow"></span>
      <a class="as-button" href=${exportAddress(list.filters)} download>${labels.list_export}</a>
      <a class="as-button solid" href=${address({ view: "new", conversation: null })}>${labels.intake_title}</a>
    </header>
    ${filtersView(view)}
    <div class="cases-body" aria-busy=${list.loading ? "true" : "false"}>
      ${list.trouble ? troubleView(labels, list.trouble, () => void list.refresh()) : nothing}
      ${list.rows.length > 0 ? tableView(view, list.rows) : nothing}
      ${list.loaded && list.rows.length === 0 ? emptyView(view) : nothing}
      ${!list.loaded && !list.trouble ? html`<p class="faint" role="status">${labels.starting}</p>` : nothing}
      ${moreView(list.loading ? labels.starting : labels.list_more, list.next !== null, list.loading, () => list.more())}
    </div>
  </main>`;
}

export function troubleView(labels: Labels, words: string, again: () => void): TemplateResult {
  return html`<p class="trouble row" role="alert">
    <span class="grow">${words}</span>
    <button type="button" @click=${again}>${labels.retry}</button>
  </p>`;
}

function emptyView({ desk: { cases }, labels }: CasesView): TemplateResult {
  const filtered = exportQuery(cases.list.filters) !== exportQuery(ALL_OPEN);
  return html`<p class="empty-list" role="status">
    ${filtered ? labels.list_none : labels.list_empty}
    ${
      filtered
        ? html`<button type="button" @click=${() => cases.filter(ALL_OPEN)}>${labels.list_reset}</button>`
        : nothing
    }
  </p>`;
}

function filtersView({ desk: { cases }, labels }: CasesView): TemplateResult {
  const { choices } = cases;
  const { filters } = cases.list;
  const words = (...pairs: [string, string][]): Option[] => pairs.map(([id, label]) => ({ id, label }));
  const staff = choices.staff.filter((one) => one.id !== "");
  return html`<form class="filters" role="search" aria-label=${labels.list_filters} @submit=${(event: Event) => event.preventDefault()}>
    ${select(cases, filters, "state", labels.list_state, words(["open", labels.state_open], ["ended", labels.state_ended], ["all", labels.all]))}
    ${select(cases, filters, "kind", labels.list_kind, words(["", labels.all], ["complaint", labels.complaint], ["callback", labels.callback]))}
    ${select(cases, filters, "severity", labels.f_severity, [{ id: "", label: labels.all }, ...choices.severities.map((one) => ({ id: one, label: one }))])}
    ${select(cases, filters, "owner", labels.list_owner, [...words(["", labels.all], ["me", labels.list_me], ["none", labels.list_nobody]), ...staff])}
    ${select(cases, filters, "due", labels.list_due, words(["", labels.all], ["overdue", labels.due_overdue], ["today", labels.due_today], ["week", labels.due_week]))}
    ${select(cases, filters, "channel", labels.channel, [{ id: "", label: labels.all }, ...choices.channels])}
    <label class="filter wide"><span>${labels.list_words}</span>
      <input
        type="search"
        name="q"
        autocomplete="off"
        .value=${live(filters.q)}
        @input=${(event: Event) => cases.filter({ q: (event.target as HTMLInputElement).value })}
      />
    </label>
  </form>`;
}

function select(
  cases: Cases,
  filters: Filters,
  name: Exclude<keyof Filters, "q">,
  label: string,
  options: readonly Option[],
): TemplateResult {
  const value = filters[name];
  return html`<label class="filter"><span>${label}</span>
    <select
      name=${name}
      @change=${(event: Event) => cases.filter({ [name]: (event.target as HTMLSelectElement).value })}
    >
      ${options.map((one) => html`<option value=${one.id} .selected=${live(one.id === value)}>${one.label}</option>`)}
    </select>
  </label>`;
}

function tableView(view: CasesView, rows: readonly Brief[]): TemplateResult {
  const { labels } = view;
  const heads = [
    labels.col_number,
    labels.f_severity,
    labels.col_title,
    labels.list_state,
    labels.list_owner,
    labels.col_next,
  ];
  return html`<table class="rows">
    <caption class="unseen">${fill(labels.list_caption, { n: rows.length })}</caption>
    <thead><tr>${heads.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
    <tbody>
      ${repeat(
        rows,
        (one) => one.number,
        (one) => rowView(view, one),
      )}
    </tbody>
  </table>`;
}

function rowView({ desk, labels }: CasesView, one: Brief): TemplateResult {
  return html`<tr>
    <td>${ticketLink(one.number)}<span class="sub">${labels[one.kind]} · ${one.channel_label}</span></td>
    <td>${severityTag(one.severity)}</td>
    <td class="what"><span class="one-line">${one.title}</span>${flagTags(labels, one)}</td>
    <td class="state">${one.state_label}</td>
    <td>${ownerName(labels, one)}<span class="sub">${one.owner}</span></td>
    <td>${dueView(labels, one.next, desk.lists.now)}</td>
  </tr>`;
}
