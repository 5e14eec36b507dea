import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import { elapsed, hourMinute } from "../../shared/times";
import { type Tone, toneOf, worst } from "../clocks";
import type { Labels } from "../labels.zh";
import { ticking } from "../ticking";
import { clocksView, waitView } from "../views-clocks";
import { moodTag } from "../views-mood";
import type { ConsoleView } from "../views-place";
import { emptyRow } from "../views-table";
import type { Agent, Breach, Group, Live, Row } from "./model";
import { conversationView, listView, NO_FIGURE, sinceView } from "./views-parts";

/** The figures that are read from the other end of the room. */
export function tilesView(view: ConsoleView, live: Live): TemplateResult {
  const { labels } = view;
  const present = (presence: Agent["presence"]) =>
    live.agents.filter((one) => one.presence === presence).length;
  const away = { busy: present("busy"), away: present("away"), offline: present("offline") };
  const { upset, tense } = live;
  const more = tense > 0 ? fill(labels.wall_upset_hint, { n: tense }) : "";
  return html`<section aria-label=${labels.wall_now}><dl class="tiles">
    ${tile(labels.wall_waiting, live.waiting_total)}
    ${longestTile(view, live)}
    ${tile(labels.wall_serving, live.serving_total)}
    ${tile(labels.wall_here, `${present("ready")}/${live.agents.length}`, "", fill(labels.wall_here_hint, away))}
    ${tile(labels.wall_breaches_today, live.breaches_total, live.breaches_total > 0 ? "late" : "")}
    ${tile(labels.wall_upset, upset, upset > 0 ? "late" : "", more)}
  </dl></section>`;
}

export function tile(name: string, value: unknown, tone = "", hint = ""): TemplateResult {
  return html`<div class="tile ${tone}"><dt>${name}</dt><dd><strong>${value}</strong>
    ${hint ? html`<small>${hint}</small>` : nothing}</dd></div>`;
}

/** In the colour of the gravest clock among those of the queue who are listed. */
function longestTile({ desk, labels }: ConsoleView, live: Live): unknown {
  const since = Date.parse(live.longest_since ?? "");
  if (Number.isNaN(since)) return tile(labels.wall_longest, NO_FIGURE);
  return ticking(() => {
    const { now } = desk.lists;
    const tone = worst(live.waiting.map((one) => toneOfRow(one, now)));
    return tile(labels.wall_longest, elapsed(now - since), tone);
  });
}

function toneOfRow(row: Row, now: number): Tone {
  return row.alarm ? "late" : worst(row.clocks.map((one) => toneOf(one, now)));
}

export function groupsView(view: ConsoleView, groups: readonly Group[]): TemplateResult {
  const { labels } = view;
  return listView(labels.wall_groups, {
    id: "wall-groups",
    heads: [
      labels.wall_group,
      labels.wall_waiting,
      labels.wall_longest,
      labels.wall_serving,
      labels.wall_ready,
      labels.wall_free,
    ],
    rows: repeat(
      groups,
      (one) => one.id,
      (one) => html`<tr>
        <th scope="row">${one.label}</th>
        <td class="number">${one.waiting}</td>
        <td class="number">${sinceView(view, one.since)}</td>
        <td class="number">${one.serving}</td>
        <td class="number">${one.ready}</td>
        <td class="number">${one.free}</td>
      </tr>`,
    ),
  });
}

/** Who waits longest comes first; the place says who is served first. */
export function waitingTable(view: ConsoleView, live: Live): TemplateResult {
  const { labels } = view;
  const since = (row: Row) => Date.parse(row.waiting_since ?? "") || Number.POSITIVE_INFINITY;
  const rows = [...live.waiting].sort((a, b) => since(a) - since(b) || 0);
  return listView(
    html`${labels.wall_who_waits}<small>${live.waiting_total}</small>`,
    {
      id: "wall-waiting",
      heads: [
        labels.wall_customer,
        labels.wall_group,
        labels.wall_waited,
        labels.wall_place,
        labels.wall_agent,
      ],
      rows: rows.length
        ? rowsView(
            rows,
            (one) => html`
          ${customerCell(view, one)}
          <td>${groupName(live, one)}</td>
          <td><span class="tags">${waitView(view, one, one.clocks)}</span></td>
          <td class="number">${one.place ?? NO_FIGURE}</td>
          <td>${one.agent?.label ?? NO_FIGURE}</td>`,
          )
        : emptyRow(labels.queue_empty, 5),
    },
    unlistedView(labels, live.waiting_total - rows.length),
  );
}

export function servingTable(view: ConsoleView, live: Live): TemplateResult {
  const { labels } = view;
  return listView(
    html`${labels.wall_who_is_served}<small>${live.serving_total}</small>`,
    {
      id: "wall-serving",
      heads: [labels.wall_customer, labels.wall_group, labels.wall_clocks, labels.wall_agent],
      rows: live.serving.length
        ? rowsView(
            live.serving,
            (one) => html`
          ${customerCell(view, one)}
          <td>${groupName(live, one)}</td>
          <td><span class="tags">${clocksView(view, one.clocks)}</span></td>
          <td>${one.agent?.label ?? NO_FIGURE}</td>`,
          )
        : emptyRow(labels.wall_nobody, 4),
    },
    unlistedView(labels, live.serving_total - live.serving.length),
  );
}

function rowsView(rows: readonly Row[], cells: (row: Row) => TemplateResult): unknown {
  return repeat(
    rows,
    (one) => one.conversation_id,
    (one) => html`<tr>${cells(one)}</tr>`,
  );
}

function customerCell(view: ConsoleView, row: Row): TemplateResult {
  const { labels } = view;
  const words = row.reason?.text ?? row.topic ?? labels.wall_no_reason;
  return html`<th scope="row">${conversationView(view, row.conversation_id, words)}
    <span class="tags">
      ${moodTag(labels, row.mood)}
      ${row.severity_flag ? html`<em class="tag alarm">${labels.flagged}</em>` : nothing}
      ${row.reason && row.topic ? html`<em class="tag">${row.topic}</em>` : nothing}
    </span></th>`;
}

function groupName(live: Live, row: Row): string {
  return live.queues.find((one) => one.id === row.queue)?.label ?? (row.queue || NO_FIGURE);
}

function unlistedView(labels: Labels, n: number): TemplateResult | typeof nothing {
  return n > 0 ? html`<p class="faint">${fill(labels.wall_unlisted, { n })}</p>` : nothing;
}

/** The latest clocks that ran out today. */
export function breachesTable(view: ConsoleView, live: Live): TemplateResult {
  const { labels } = view;
  return listView(
    html`${labels.wall_breaches_today}<small>${live.breaches_total}</small>`,
    {
      id: "wall-breaches",
      heads: [labels.wall_late_at, labels.wall_late_what, labels.wall_customer, labels.wall_agent],
      rows: live.breaches.length
        ? repeat(
            live.breaches,
            (one) => `${one.conversation_id} ${one.name} ${one.at}`,
            (one) => breachRow(view, one),
          )
        : emptyRow(labels.wall_nobody, 4),
    },
    unlistedView(labels, live.breaches_total - live.breaches.length),
  );
}

function breachRow(view: ConsoleView, one: Breach): TemplateResult {
  const words = one.reason?.text ?? view.labels.wall_no_reason;
  return html`<tr>
    <td class="number">${hourMinute(one.at)}</td>
    <td>${one.label}</td>
    <td>${conversationView(view, one.conversation_id, words)}</td>
    <td>${one.agent?.label ?? NO_FIGURE}</td>
  </tr>`;
}
