import { html, nothing, type TemplateResult } from "lit";
import { dueTime } from "../../shared/times";
import type { Labels } from "../labels.zh";
import { address } from "../place";
import { leftWords, tone } from "./due";
import type { Brief } from "./model";

/** Small pieces that stand in the list, on the board and on the ticket's page alike. */

export function severityTag(severity: string): TemplateResult {
  const loud = severity === "重大" || severity === "紧急";
  return html`<em class="tag ${loud ? "alarm" : severity === "重要" ? "amber" : ""}">${severity}</em>`;
}

export function flagTags(labels: Labels, one: Brief): TemplateResult | typeof nothing {
  if (!(one.repeat || one.group || one.paused || one.provisional)) return nothing;
  return html`<span class="tags">
    ${one.repeat ? html`<em class="tag amber">${labels.flag_repeat}</em>` : nothing}
    ${one.group ? html`<em class="tag alarm">${labels.flag_group}</em>` : nothing}
    ${one.paused ? html`<em class="tag">${labels.flag_paused}</em>` : nothing}
    ${one.provisional ? html`<em class="tag">${labels.todo_provisional}</em>` : nothing}
  </span>`;
}

export function ownerName(labels: Labels, one: Brief): string {
  return one.mine ? labels.list_me : (one.owner_user?.label ?? one.taken_by ?? labels.list_nobody);
}

/** 首次答复 还剩3小时, in words and in colour; the moment itself stands in the title. */
export function dueView(
  labels: Labels,
  clock: { label: string; due_at: string; breached: boolean } | null,
  now: number,
): TemplateResult {
  if (!clock) return html`<span class="due none">${labels.no_clock}</span>`;
  return html`<span class="due ${tone(clock.due_at, now, clock.breached)}">
    <span>${clock.label}</span>
    <strong>${leftWords(clock.due_at, now, labels, clock.breached)}</strong>
    <time datetime=${clock.due_at}>${dueTime(clock.due_at)}</time>
  </span>`;
}

export function ticketLink(number: string): TemplateResult {
  return html`<a class="number" href=${address({ view: "ticket", number })}>${number}</a>`;
}

export function section(
  title: string,
  body: unknown,
  more: { name?: string; count?: number } = {},
): TemplateResult {
  return html`<section class="panel ${more.name ?? ""}" aria-label=${title}>
    <h3>${title}${more.count === undefined ? nothing : html`<small>${more.count}</small>`}</h3>
    ${body}
  </section>`;
}

/** Names with their values; what is empty is left out. */
export function wordList(pairs: readonly (readonly [string, string])[]): TemplateResult | typeof nothing {
  const said = pairs.filter(([, value]) => value !== "");
  if (said.length === 0) return nothing;
  return html`<dl class="words">
    ${said.map(([name, value]) => html`<div><dt>${name}</dt><dd class="text">${value}</dd></div>`)}
  </dl>`;
}
