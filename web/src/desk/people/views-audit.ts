import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { dueTime } from "../../shared/times";
import type { Labels } from "../labels.zh";
import type { ConsoleView } from "../views-place";
import { moreView } from "../views-table";
import type { AuditEntry } from "./model";

/** Who did what, newest first. There is nothing here that could change it. */
export function auditView({ desk: { people }, labels }: ConsoleView): TemplateResult {
  const look = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const of = (name: string) => String(data.get(name) ?? "").trim();
    void people.look({ actor: of("actor"), subject: of("subject"), action: of("action") });
  };
  const { trouble } = people;
  return html`<main class="cases people">
    <header class="cases-head"><h2 tabindex="-1" data-heading>${labels.nav_audit}</h2>
      <span class="faint">${labels.audit_hint}</span></header>
    <form class="filters" role="search" aria-label=${labels.audit_filter} @submit=${look}>
      <label class="filter"><span>${labels.audit_actor}</span><input name="actor" maxlength="64" /></label>
      <label class="filter"><span>${labels.audit_action}</span><select name="action">
        <option value="">${labels.all}</option>
        ${actions(labels).map(([id, label]) => html`<option value=${id}>${label}</option>`)}
      </select></label>
      <label class="filter"><span>${labels.audit_subject}</span><input name="subject" maxlength="128" /></label>
      <button ?disabled=${people.busy}>${labels.audit_look}</button>
    </form>
    ${trouble?.form === "audit" ? html`<p class="trouble" role="alert">${trouble.words}</p>` : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label=${labels.nav_audit} aria-busy=${people.busy ? "true" : "false"}>
      <table class="plain">
        <thead><tr>
          <th scope="col">${labels.audit_at}</th>
          <th scope="col">${labels.audit_actor}</th>
          <th scope="col">${labels.audit_action}</th>
          <th scope="col">${labels.audit_subject}</th>
          <th scope="col">${labels.audit_detail}</th>
        </tr></thead>
        <tbody>${repeat(
          people.entries,
          (one) => one.id,
          (one) => entryView(labels, one),
        )}</tbody>
      </table>
    </div>
    ${people.loaded && people.entries.length === 0 ? html`<p class="faint" role="status">${labels.audit_none}</p>` : nothing}
    ${moreView(labels.audit_more, people.next !== null, people.busy, () => people.more())}
  </main>`;
}

function entryView(labels: Labels, one: AuditEntry): TemplateResult {
  return html`<tr>
    <td><time datetime=${one.at}>${dueTime(one.at)}</time></td>
    <td>${one.actor}</td>
    <td>${(labels as Record<string, string>)[one.action] ?? one.action}</td>
    <td>${one.subject}</td>
    <td>${detailOf(one)}</td>
  </tr>`;
}

/** limit: 3 → 1; sessions: 2 */
function detailOf({ detail }: AuditEntry): string {
  const shown = (value: unknown): string =>
    typeof value === "object" ? JSON.stringify(value) : String(value);
  return Object.entries(detail)
    .map(([name, value]) =>
      Array.isArray(value) && value.length === 2
        ? `${name}: ${shown(value[0])} → ${shown(value[1])}`
        : `${name}: ${shown(value)}`,
    )
    .join("; ");
}

/** Every act that has a name: source:subject:action. */
function actions(labels: Labels): [string, string][] {
  return Object.entries(labels).filter(([key]) => /^\w+:\w+:\w+$/.test(key));
}
