import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import { dueTime, hourMinute } from "../../shared/times";
import type { Labels } from "../labels.zh";
import { troubleView } from "../tickets/views-list";
import { moodTag } from "../views-mood";
import type { ConsoleView } from "../views-place";
import { emptyRow, tableView } from "../views-table";
import { BEHIND, readMore, shutBehind, widen } from "./behind";
import type { Drill } from "./drill";
import { type Filter, type Narrowing, narrowings } from "./filter";
import { type Entry, keyOf } from "./model";
import { conversationView, NO_FIGURE, spell } from "./views-parts";

/** The entries behind the figure that was opened, down to the conversation. */
export function drillView(view: ConsoleView): TemplateResult | typeof nothing {
  const { desk, labels } = view;
  const { drill } = desk.wall;
  const { filter } = drill;
  if (!filter) return nothing;
  return html`<section aria-labelledby=${BEHIND}>
    <h3 id=${BEHIND} tabindex="-1">${labels.wall_behind}<small>${dueTime(filter.day)}</small></h3>
    <div class="row wrap">
      ${narrowings(filter).map((name) => narrowingView(view, filter, name))}
      <span class="faint" role="status">${drill.busy ? labels.starting : countWords(labels, drill)}</span>
      <button type="button" @click=${() => shutBehind(drill)}>${labels.wall_shut}</button>
    </div>
    ${drill.trouble ? troubleView(labels, drill.trouble, () => void drill.read()) : nothing}
    ${entriesTable(view)}
    ${
      drill.next === null
        ? nothing
        : html`<p class="more"><button type="button" aria-disabled=${drill.busy ? "true" : "false"}
          @click=${() => void readMore(drill)}>${labels.wall_more}</button></p>`
    }
  </section>`;
}

function countWords(labels: Labels, { total, entries, next }: Drill): string {
  if (total === null && next !== null) return fill(labels.wall_behind_first, { n: entries.length });
  return fill(labels.wall_behind_count, { n: total ?? entries.length });
}

function narrowingView(
  { desk: { wall }, labels }: ConsoleView,
  filter: Filter,
  name: Narrowing,
): TemplateResult {
  const words = wordsOf(labels, filter)[name];
  return html`<button
    type="button"
    class="narrowing"
    aria-label=${fill(labels.wall_without, { what: words })}
    @click=${() => widen(wall.drill, filter, name)}
  >${words}<span aria-hidden="true"> ×</span></button>`;
}

function wordsOf(
  labels: Labels,
  { hour = 0, reason, mood = "calm", agent }: Filter,
): Record<Narrowing, string> {
  return {
    hour: fill(labels.wall_by_hour, { n: hour, m: hour + 1 }),
    reason: fill(labels.wall_by_reason, { what: reason?.label ?? "" }),
    mood: fill(labels.wall_by_mood, { what: labels[`mood_${mood}`] }),
    agent: fill(labels.wall_by_agent, { what: agent?.label ?? "" }),
    breached: labels.wall_by_breached,
  };
}

function entriesTable(view: ConsoleView): TemplateResult | typeof nothing {
  const { desk, labels } = view;
  const { entries, busy, trouble } = desk.wall.drill;
  if (entries.length === 0 && (busy || trouble)) return nothing;
  const heads = [
    labels.wall_entered_at,
    labels.wall_customer,
    labels.wall_group,
    labels.wall_agent,
    labels.wall_wait,
    labels.wall_first_answer,
    labels.wall_handling,
    labels.wall_how,
    labels.wall_breached,
  ];
  return tableView({
    id: BEHIND,
    heads,
    rows: entries.length
      ? repeat(entries, keyOf, (one) => entryRow(view, one))
      : emptyRow(labels.wall_behind_none, heads.length),
  });
}

function entryRow(view: ConsoleView, one: Entry): TemplateResult {
  const { labels } = view;
  return html`<tr>
    <td class="number">${hourMinute(one.entered_at)}</td>
    <th scope="row">${conversationView(view, one.conversation_id, one.reason?.text ?? labels.wall_no_reason)}
      <span class="tags">${moodTag(labels, one.mood)}</span></th>
    <td>${one.queue || NO_FIGURE}</td>
    <td>${one.agent?.label ?? NO_FIGURE}</td>
    <td class="number">${spell(one.waited_s)}</td>
    <td class="number">${spell(one.first_answer_s)}</td>
    <td class="number">${spell(one.handling_s)}</td>
    <td>${endOf(labels, one)}</td>
    <td>${one.breaches.map((what) => html`<em class="tag alarm">${what}</em> `)}</td>
  </tr>`;
}

function endOf(labels: Labels, { how, result }: Entry): string {
  const words = labels as Record<string, string>;
  const end = how === null ? labels.how_open : (words[`how_${how}`] ?? how);
  return result ? fill(labels.wall_end_as, { how: end, result: words[result] ?? result }) : end;
}
