import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import type { Labels } from "../labels.zh";
import type { Identity, Signals } from "../model";
import { moodTag } from "../views-mood";
import { section } from "./handover-parts";

/** Who the customer is, as far as the bank knows, and how he wants to be spoken with. */
export function personView(
  labels: Labels,
  identity: Identity | null,
  signals: Signals,
): TemplateResult | typeof nothing {
  const feels = moodTag(labels, signals.mood);
  if (!identity && !signals.careful && feels === nothing) return nothing;
  return section(
    labels.identity,
    html`<p class="row wrap identity">
      ${identity ? identityTags(labels, identity) : nothing}
      ${signals.careful ? html`<em class="tag amber">${labels.careful}</em>` : nothing}
      ${feels}
    </p>`,
  );
}

function identityTags(labels: Labels, { level, contact, case: number }: Identity): TemplateResult {
  const sure = level === "bound" || level === "proven";
  const words = fill(labels[`identity_${level}`], { case: number });
  return html`<em class="tag ${sure ? "green" : "amber"}">${words}</em>
    ${contact && level !== "contact" ? html`<em class="tag">${labels.identity_left}</em>` : nothing}`;
}

export function flagsView(labels: Labels, flags: Signals["flags"]): TemplateResult | typeof nothing {
  if (flags.length === 0) return nothing;
  return html`<section class="flags">
    <h3>${labels.flags}</h3>
    <ul>${flags.map((one) => html`<li>${one.text}</li>`)}</ul>
  </section>`;
}
