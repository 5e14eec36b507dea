import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Labels } from "./labels.zh";
import type { Verdict } from "./model";
import type { Checked } from "./tools/model";

/** What the guard said of a text that was not sent, and what can be done about it. */
export interface GuardView {
  labels: Labels;
  verdict: Verdict;
  /** Nothing is under way, so buttons work. */
  idle: boolean;
  trouble: string;
  complete(text: string): void;
  edit(): void;
  confirm(): void;
  /** Null for who may not override. */
  override: { reason: string; write(reason: string): void; send(): void } | null;
}

export function verdictTitle(labels: Labels, verdict: Verdict): string {
  return verdict.confirmable ? labels.guard_title_doubt : labels.guard_title;
}

export function verdictView(view: GuardView): TemplateResult {
  const { labels, verdict, idle, trouble } = view;
  const { completed } = verdict;
  return html`
    <div role="alert"><h3>${verdictTitle(labels, verdict)}</h3></div>
    ${trouble ? html`<p class="trouble" role="alert">${trouble}</p>` : nothing}
    <ul>
      ${(verdict.reasons.length > 0 ? verdict.reasons : [verdict.detail]).map((one) => html`<li>${one}</li>`)}
    </ul>
    ${
      completed === null
        ? html`<p>${verdict.confirmable ? labels.guard_look_again : labels.guard_none}</p>${
            verdict.confirmable ? html`<p class="text">${verdict.text}</p>` : nothing
          }`
        : html`<div class="versions">
          <div><h4>${labels.guard_yours}</h4><p class="text">${verdict.text}</p></div>
          <div class="better"><h4>${labels.guard_completed}</h4>${completedText(verdict.text, completed)}</div>
        </div>`
    }
    <div class="row wrap">
      ${
        completed === null
          ? nothing
          : html`<button type="button" class="solid" ?disabled=${!idle} @click=${() => view.complete(completed)}>
            ${labels.guard_send}
          </button>`
      }
      <button type="button" class=${verdict.confirmable ? "solid edit" : "edit"} @click=${view.edit}>
        ${labels.guard_edit}
      </button>
      ${
        verdict.confirmable
          ? html`<button type="button" class="confirm" ?disabled=${!idle} @click=${view.confirm}>
            ${labels.guard_confirm}
          </button>`
          : nothing
      }
    </div>
    ${view.override && !verdict.confirmable ? overrideView(labels, view.override, idle) : nothing}
  `;
}

/** A calm line under what is being written; a text that may go out says nothing. */
export function checkView(labels: Labels, checked: Checked | null): TemplateResult {
  const words =
    !checked || checked.verdict === "allow"
      ? ""
      : checked.verdict === "refuse" || !checked.completable
        ? `${checked.verdict === "doubt" ? labels.check_doubt : labels.check_refuse}${checked.reasons.join(labels.clock_and)}`
        : labels.check_complete;
  return html`<p class="checked" aria-live="polite">${words}</p>`;
}

/** What the guard added stands out where it simply follows or precedes the agent's own words. */
function completedText(own: string, completed: string): TemplateResult {
  const at = completed.indexOf(own.trim());
  if (at < 0) return html`<p class="text">${completed}</p>`;
  const end = at + own.trim().length;
  const added = (text: string) => (text ? html`<mark>${text}</mark>` : nothing);
  return html`<p class="text">${added(completed.slice(0, at))}${completed.slice(at, end)}${added(completed.slice(end))}</p>`;
}

function overrideView(
  labels: Labels,
  override: NonNullable<GuardView["override"]>,
  idle: boolean,
): TemplateResult {
  return html`<details>
    <summary>${labels.guard_override}</summary>
    <div class="row">
      <label class="unseen" for="override">${labels.guard_reason}</label>
      <input
        id="override"
        class="grow"
        placeholder=${labels.guard_reason}
        .value=${live(override.reason)}
        @input=${(event: Event) => override.write((event.target as HTMLInputElement).value)}
      />
      <button type="button" ?disabled=${!idle || override.reason.trim() === ""} @click=${override.send}>
        ${labels.guard_override_send}
      </button>
    </div>
  </details>`;
}
