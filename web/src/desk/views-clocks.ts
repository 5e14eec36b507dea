import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import { elapsed } from "../shared/times";
import { type Clock, nextOf, toneOf, worst } from "./clocks";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import type { Item, Offer } from "./model";
import { ticking } from "./ticking";

export interface ClocksView {
  desk: Desk;
  labels: Labels;
}

const COLOURS = { calm: "", near: "amber", late: "alarm" } as const;

/** All clocks of a customer, each with what is left of it. */
export function clocksView({ desk, labels }: ClocksView, clocks: readonly Clock[]): unknown {
  return ticking(() => clocks.map((one) => clockTag(labels, one, desk.lists.now)));
}

/** In a list: the clock that ends next. */
export function nextClockView({ desk, labels }: ClocksView, item: Item): unknown {
  const next = nextOf(desk.lists.clocksOf(item.conversation_id, item));
  return next ? ticking(() => clockTag(labels, next, desk.lists.now)) : nothing;
}

/** How long a customer of the lists has waited. */
export function waitingView(view: ClocksView, item: Item): unknown {
  return waitView(view, item, view.desk.lists.clocksOf(item.conversation_id, item));
}

/** How long a customer has waited, in the colour of his gravest clock, and beside it each one that is close or over. */
export function waitView(
  { desk, labels }: ClocksView,
  item: Pick<Item, "waiting_since" | "alarm">,
  clocks: readonly Clock[],
): unknown {
  const since = item.waiting_since ? Date.parse(item.waiting_since) : Number.NaN;
  if (Number.isNaN(since)) return nothing;
  return ticking(() => {
    const { now } = desk.lists;
    const pressing = clocks.filter((one) => toneOf(one, now) !== "calm");
    const tone = worst([item.alarm ? "late" : "calm", ...pressing.map((one) => toneOf(one, now))]);
    return html`${pressing.map((one) => clockTag(labels, one, now))}<span class="clock ${tone}"
      >${fill(labels.waiting, { t: elapsed(now - since) })}</span>`;
  });
}

/** How long a customer has been silent to who serves him, once that is long. */
export function quietView({ desk, labels }: ClocksView, item: Item | null): unknown {
  const since = Date.parse(item?.quiet_since ?? "");
  const { quiet_s: after } = desk.page;
  if (Number.isNaN(since) || after === 0) return nothing;
  return ticking(() => {
    const silent = desk.lists.now - since;
    if (silent < after * 1000) return nothing;
    return html`<span class="tag amber">${fill(labels.quiet, { t: elapsed(silent) })}</span>`;
  });
}

/** How long an offer still stands. */
export function offerClockView({ desk, labels }: ClocksView, offer: Offer): unknown {
  return ticking(() => {
    const clock = desk.clocks.left(offer);
    if (!clock) return nothing;
    return html`<p class="countdown" aria-live="off"><progress max=${clock.span} .value=${clock.left} aria-hidden="true"></progress
      ><span>${fill(labels.seconds_left, { n: Math.ceil(clock.left / 1000) })}</span></p>`;
  });
}

function clockTag(labels: Labels, clock: Clock, now: number): TemplateResult {
  const left = Date.parse(clock.due_at) - now;
  const tone = toneOf(clock, now);
  const words = fill(tone === "late" ? labels.overdue : labels.due_in, { t: elapsed(Math.abs(left)) });
  return html`<span class="tag ${COLOURS[tone]}">${clock.label} ${words}</span>`;
}
