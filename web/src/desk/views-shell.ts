import { html, type TemplateResult } from "lit";

/** The frame of the console. Whatever a part of it shows is handed in here. */
export interface Shell {
  /** Always there: the bank, the main navigation, my status. */
  top: unknown;
  /** What everybody has to know now, wherever he is: a lost line, what is stopped. */
  notices: unknown;
  /** The part that the address names. */
  main: unknown;
  /** Dialogs, over everything. */
  overlay: unknown;
  /** Spoken by screen readers only, each when it changes. */
  announcements: readonly string[];
  toast: string;
}

export function shellView({ top, notices, main, overlay, announcements, toast }: Shell): TemplateResult {
  return html`
    ${top} ${notices} ${main} ${overlay}
    ${announcements.map((one) => html`<p class="unseen" role="status" aria-live="polite">${one}</p>`)}
    <div class="toast ${toast ? "on" : ""}" role="alert">${toast}</div>
  `;
}

/** Today's desk: the lists at the side, the conversation, and what stands beside it. */
export function todayView(side: unknown, talk: unknown, aside: unknown): TemplateResult {
  return html`<div class="columns">${side} ${talk} ${aside}</div>`;
}
