import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../shared/fill";
import { type Log, recalls } from "../shared/log";
import { dueTime, hourMinute, longDay } from "../shared/times";
import type { CaseRef, Choice, WireEvent } from "../shared/wire";
import { botIcon, personIcon, warningIcon } from "./icons";
import type { Labels } from "./labels.zh";
import type { Outgoing } from "./outbox";
import type { ChoiceGroup } from "./reading";

export interface LogView {
  labels: Labels;
  past: Log;
  log: Log;
  pending: readonly Outgoing[];
  groups: ReadonlyMap<number, ChoiceGroup>;
  typing: "bot" | "agent" | null;
  choose(choice: Choice): void;
  retry(key: string): void;
  discard(key: string): void;
}

export function logView(view: LogView): TemplateResult {
  const { labels } = view;
  return html`
    ${
      view.past.events.length > 0
        ? html`<div class="past">${entries(view, view.past.events, true)}</div>
          <p class="divider"><span>${labels.former}</span></p>`
        : nothing
    }
    ${entries(view, view.log.events, false)}
    ${repeat(
      view.pending,
      (item) => item.key,
      (item) => pendingView(view, item),
    )}
    ${view.typing ? typingView(labels, view.typing) : nothing}
  `;
}

function entries(view: LogView, events: readonly WireEvent[], past: boolean) {
  let day = "";
  const gone = recalls(events);
  return repeat(
    events,
    (event) => event.seq,
    (event) => {
      const today = longDay(event.at);
      const fresh = today !== day && day !== "";
      day = today;
      return html`${fresh ? html`<p class="divider"><span>${today}</span></p>` : nothing}
      ${gone.has(event.seq) ? messageView(view.labels, { ...event, text: view.labels.recalled }, true) : entry(view, event, past)}`;
    },
  );
}

function entry(view: LogView, event: WireEvent, past: boolean): TemplateResult | typeof nothing {
  const { labels } = view;
  const group = view.groups.get(event.seq);
  const choices = group && !past ? choicesView(view, group, event.kind === "survey") : nothing;
  if (event.kind === "survey") {
    return html`<div class="card survey" role="group" aria-label=${labels.survey_title}>
      <h3>${labels.survey_title}</h3>
      <p class="text">${event.text}</p>
      ${choices}
    </div>`;
  }
  if (event.kind === "state") return stateView(labels, event);
  if (event.kind === "notice" || event.actor.kind === "system") {
    if (!event.text) return nothing;
    return html`<div class=${event.case ? "notice of-case" : "notice"}>
      <p class="text">${event.text}</p>
      ${event.case ? caseView(labels, event.case) : nothing}
      ${choices}
    </div>`;
  }
  return html`${messageView(labels, event)}${choices}`;
}

function stateView(labels: Labels, event: WireEvent): TemplateResult | typeof nothing {
  const joined = event.state === "HUMAN" && event.actor.kind === "agent" && event.actor.name;
  const text =
    event.text ||
    (joined ? fill(labels.agent_joined, { name: event.actor.name ?? "" }) : "") ||
    (event.state === "CLOSED" ? labels.ended : "");
  if (!text) return nothing;
  // A change that the bank explains in a sentence or two is there to be read, not to be passed over.
  return text.length > 20
    ? html`<div class="notice"><p class="text">${text}</p></div>`
    : html`<p class="divider"><span>${text}</span></p>`;
}

function messageView(labels: Labels, event: WireEvent, recalled = false): TemplateResult {
  const time = html`<time datetime=${event.at}>${hourMinute(event.at)}</time>`;
  if (event.actor.kind === "customer") {
    return html`<article class="message mine">
      <div class="bubble"><span class="unseen">${labels.you}</span><p class="text">${event.text}</p></div>
      <footer>${time}</footer>
    </article>`;
  }
  const person = event.actor.kind === "agent";
  return html`<article class="message ${person ? "agent" : "bot"} ${recalled ? "recalled" : ""}">
    <header>
      <span class="face">${person ? personIcon() : botIcon()}</span>
      <span class="badge">${person ? labels.badge_agent : labels.badge_bot}</span>
      ${person && event.actor.name ? html`<span class="name">${event.actor.name}</span>` : nothing}
      ${time}
    </header>
    <div class="bubble">
      <p class="text">${event.text}</p>
      ${
        (event.disclosures?.length ?? 0) > 0
          ? html`<p class="warned">${warningIcon()}<span>${labels.warning_tag}</span></p>`
          : nothing
      }
      ${event.case ? caseView(labels, event.case) : nothing}
    </div>
  </article>`;
}

function caseView(labels: Labels, ref: CaseRef): TemplateResult {
  const row = (name: string, value: string | null | undefined) =>
    value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing;
  return html`<div class="case" role="group" aria-label=${labels.case_title}>
    <h3>${labels.case_title}</h3>
    <dl>
      ${row(labels.case_number, ref.number)} ${row(labels.case_severity, ref.severity)}
      ${row(labels.case_owner, ref.owner)} ${row(labels.case_due, ref.due ? dueTime(ref.due) : null)}
    </dl>
  </div>`;
}

function choicesView(view: LogView, group: ChoiceGroup, survey: boolean): TemplateResult {
  return html`<div class="choices ${survey ? "rates" : ""}" role="group">
    ${group.choices.map(
      (choice) => html`<button
        type="button"
        class="choice ${group.taken === choice.id ? "taken" : ""} ${choice.id.startsWith("rate_skip_") ? "skip" : ""}"
        ?disabled=${!group.open}
        @click=${() => view.choose(choice)}
      >${choice.label}</button>`,
    )}
  </div>`;
}

function pendingView(view: LogView, item: Outgoing): TemplateResult {
  const { labels } = view;
  const failed = item.status === "failed";
  const waits = { busy: labels.waiting_busy, network: labels.waiting_network }[item.detail];
  return html`<article class="message mine ${failed ? "failed" : "pending"}">
    <div class="bubble"><span class="unseen">${labels.you}</span><p class="text">${item.shown}</p></div>
    <footer>
      ${
        failed
          ? html`<span class="why" role="alert">${labels.failed}${item.detail ? html`：${item.detail}` : nothing}</span>
            <button type="button" class="plain" @click=${() => view.retry(item.key)}>${labels.retry}</button>
            <button type="button" class="plain" @click=${() => view.discard(item.key)}>${labels.discard}</button>`
          : html`<span>${waits ?? labels.sending}</span>`
      }
    </footer>
  </article>`;
}

function typingView(labels: Labels, who: "bot" | "agent"): TemplateResult {
  return html`<div class="message ${who} typing">
    <div class="bubble">
      <span class="unseen">${who === "bot" ? labels.typing_bot : labels.typing_agent}</span>
      <i></i><i></i><i></i>
    </div>
  </div>`;
}
