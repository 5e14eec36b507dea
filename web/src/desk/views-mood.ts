import { html, nothing, type TemplateResult } from "lit";
import type { Labels } from "./labels.zh";
import type { Mood } from "./model";

const COLOURS = { tense: "amber", strong: "alarm" } as const;

/** Nothing where he is calm: what needs nobody's eye stands in nobody's way. */
export function moodTag(labels: Labels, mood: Mood = "calm"): TemplateResult | typeof nothing {
  if (mood === "calm") return nothing;
  return html`<em class="tag ${COLOURS[mood]}">${labels[`mood_${mood}`]}</em>`;
}
