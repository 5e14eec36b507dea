import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import { dueTime } from "../shared/times";
import type { Labels } from "./labels.zh";
import type { Incident } from "./model";

/** One line for each stop in force: what, since when, until when, why. */
export function stopsView(labels: Labels, stops: readonly Incident[]): TemplateResult | typeof nothing {
  if (stops.length === 0) return nothing;
  return html`<div class="stops" role="status">
    ${stops.map((stop) => html`<p>${line(labels, stop)}</p>`)}
  </div>`;
}

function line(labels: Labels, stop: Incident): string {
  const what = fill(labels[`stopped_${stop.kind}`], { subject: stop.subject });
  const until = stop.until ? fill(labels.stopped_until, { t: dueTime(stop.until) }) : "";
  return fill(labels.stopped, { what, since: dueTime(stop.since), until, why: stop.why });
}
