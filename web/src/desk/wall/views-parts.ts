import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { elapsed } from "../../shared/times";
import type { Labels } from "../labels.zh";
import { address } from "../place";
import { ticking } from "../ticking";
import type { ConsoleView } from "../views-place";
import { type Table, tableView } from "../views-table";

/** What stands where there is no figure. */
export const NO_FIGURE = "–";

/** "1:20", or nothing that looks like a figure where nobody was. */
export function spell(seconds: number | null): string {
  return seconds === null ? NO_FIGURE : elapsed(seconds * 1000);
}

/** How long it has been, counted each second. */
export function sinceView({ desk }: ConsoleView, at: string | null, words = (time: string) => time): unknown {
  const since = at ? Date.parse(at) : Number.NaN;
  return Number.isNaN(since) ? NO_FIGURE : ticking(() => words(elapsed(desk.lists.now - since)));
}

/** Leads to a conversation, for who may open it: else only its words. */
export function conversationView({ desk }: ConsoleView, id: string, words: string): unknown {
  const waits = desk.wall.live.value?.waiting.some((one) => one.conversation_id === id) ?? false;
  if (!waits && !desk.lists.mayRead(id)) return words;
  return html`<a href=${address({ view: "talks", conversation: id })}>${words}</a>`;
}

/** A figure behind which the entries can be opened, unless it is none. */
export function figureView(labels: Labels, of: string, series: string, n: number, open: () => void): unknown {
  if (n === 0) return n;
  const words = fill(labels.wall_cell, { point: of, series, n });
  return html`<button type="button" class="figure" aria-label=${words} @click=${open}>${n}</button>`;
}

/** A section of its own for a table; `foot` stands under it. */
export function listView(title: unknown, table: Table, foot: unknown = nothing): TemplateResult {
  return html`<section aria-labelledby=${table.id}>
    <h3 id=${table.id}>${title}</h3>
    ${tableView(table)}${foot}
  </section>`;
}
