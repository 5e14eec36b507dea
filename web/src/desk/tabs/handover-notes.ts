import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import type { WireEvent } from "../../shared/wire";
import type { Desk } from "../desk";
import type { Labels } from "../labels.zh";
import type { LeftNote } from "../model";
import { section } from "./handover-parts";
import type { TabView } from "./tab";

/** The transfer that brought the customer here, where it came with words: unless the assistant had him since. */
export function broughtBy(notes: readonly LeftNote[], events: readonly WireEvent[]): LeftNote | null {
  const last = [...notes].reverse().find((one) => one.kind === "transfer");
  if (!last?.text) return null;
  const moved = Date.parse(last.at);
  const left = events.some(
    (one) => one.kind === "state" && one.state === "BOT" && Date.parse(one.at) > moved,
  );
  return left ? null : last;
}

/** What the colleague wanted to be read first. */
export function firstNote(view: TabView, note: LeftNote): TemplateResult {
  return html`<section class="first-note">
    <h3>${view.labels.left_notes}</h3>
    ${noteView(view, note)}
  </section>`;
}

export function notesView(view: TabView, notes: readonly LeftNote[]): TemplateResult | typeof nothing {
  if (notes.length === 0) return nothing;
  return section(
    view.labels.left_notes,
    notes.map((one) => noteView(view, one)),
  );
}

function noteView({ desk, labels }: TabView, note: LeftNote): TemplateResult {
  return html`<article class="noted-by">
    <p class="row wrap">
      <em class="tag ${note.kind === "close" || note.kind === "transfer" ? "" : "amber"}">${whatWords(desk, labels, note)}</em>
      <span class="faint">${note.by} · <time datetime=${note.at}>${dueTime(note.at)}</time></span>
    </p>
    ${note.text ? html`<p class="text">${note.text}</p>` : nothing}
  </article>`;
}

function whatWords(desk: Desk, labels: Labels, note: LeftNote): string {
  if (note.kind === "transfer" && note.to) {
    return fill(labels.left_transfer_to, { name: nameOfTo(desk, note.to) });
  }
  const result = note.kind === "close" ? outcomeWords(desk, labels, note) : "";
  return result ? fill(labels.left_close_as, { result }) : labels[`left_${note.kind}`];
}

/** To whom: a colleague, a group. The list of those to whom one may transfer does not name oneself. */
function nameOfTo(desk: Desk, to: string): string {
  const username = to.replace(/^agent:/, "");
  if (username === desk.user?.username) return desk.user.name;
  return desk.page.transfer_queues.find((one) => one.id === to)?.label ?? username;
}

/** 已解决 · 贷款利率; what this page does not know keeps its own name. */
export function outcomeWords(
  { page }: Desk,
  labels: Labels,
  { result, category }: Pick<LeftNote, "result" | "category">,
): string {
  const known = labels as Record<string, string>;
  const about = page.categories.find((one) => one.id === category)?.label ?? category;
  return [known[result] ?? result, about].filter(Boolean).join(" · ");
}
