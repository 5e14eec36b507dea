import { html, nothing, type TemplateResult } from "lit";
import type { Labels } from "./labels.zh";
import type { Package } from "./model";

/** Where the customer came from, in this order; what the page does not know is left out. */
const KNOWN = ["page", "branch", "campaign"] as const;

export function contextView(labels: Labels, context: Package["context"]): TemplateResult | typeof nothing {
  const known = KNOWN.flatMap((name) => {
    const value = context?.[name];
    return typeof value === "string" && value ? [{ name, value }] : [];
  });
  if (known.length === 0) return nothing;
  return html`<section>
    <h3>${labels.context}</h3>
    <dl>
      ${known.map(({ name, value }) => html`<div><dt>${labels[`context_${name}`]}</dt><dd>${value}</dd></div>`)}
    </dl>
  </section>`;
}
