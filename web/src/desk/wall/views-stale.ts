import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { hourMinute } from "../../shared/times";
import { troubleView } from "../tickets/views-list";
import type { ConsoleView } from "../views-place";
import type { Refresh } from "./refresh";

/** Figures that are not fresh say so, and since when they stand. */
export function staleView<T>({ labels }: ConsoleView, figures: Refresh<T>): TemplateResult | typeof nothing {
  const { trouble, value, at } = figures;
  if (!trouble && value === null) return html`<p class="faint" role="status">${labels.starting}</p>`;
  if (!trouble) return nothing;
  const words = value === null ? trouble : fill(labels.wall_stale, { t: clockOf(at), why: trouble });
  return troubleView(labels, words, () => void figures.now());
}

/** "14:05" */
export function clockOf(ms: number): string {
  return hourMinute(new Date(ms).toISOString());
}
