import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../shared/fill";
import { dueTime, elapsed } from "../shared/times";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import type { Ticket } from "./model";
import { ticketLink } from "./tickets/views-parts";
import { ticking } from "./ticking";
import type { Shown } from "./todo";

interface TodoView {
  desk: Desk;
  labels: Labels;
}

const DAY_MS = 86_400_000;

/** Callbacks and complaints with their dates, under the queue. */
export function todoView(view: TodoView): TemplateResult {
  const { desk, labels } = view;
  const { list, stale } = desk.todo;
  const late = list.filter((one) => isLate(one, desk.lists.now)).length;
  return html`<section class="todo" aria-label=${labels.todo}>
    <h2>
      ${labels.todo}<small>${list.length}</small>
      ${late > 0 ? html`<b aria-label=${fill(labels.todo_late, { n: late })}>${late}</b>` : nothing}
    </h2>
    ${stale ? html`<p class="empty warn" role="status">${labels.todo_stale}</p>` : nothing}
    ${list.length === 0 && !stale ? html`<p class="empty">${labels.todo_empty}</p>` : nothing}
    ${repeat(
      list,
      (one) => one.number,
      (one) => ticketCard(view, one),
    )}
  </section>`;
}

/** The date that comes first: the server names it, or it is the first response's while nobody has begun. */
export function nextDue(ticket: Ticket): string {
  if (ticket.next) return ticket.next.due_at;
  return ticket.state === "NEW" ? ticket.first_response_due : ticket.due;
}

export function isLate(ticket: Ticket, now: number): boolean {
  return ticket.overdue || now > Date.parse(nextDue(ticket));
}

/** A clock for what is due within a day, a date for all else. */
export function dueWords(ticket: Ticket, now: number, labels: Labels): string {
  const due = nextDue(ticket);
  const left = Date.parse(due) - now;
  if (Math.abs(left) > DAY_MS) {
    const first = ticket.state === "NEW" && due !== ticket.due;
    const named = ticket.next ? `${ticket.next.label} ${labels.clock_due}` : null;
    const label = named ?? (first ? labels.todo_first_due : labels.case_due);
    return fill(left < 0 ? labels.todo_was_due : label, { t: dueTime(due) });
  }
  return fill(left < 0 ? labels.overdue : labels.due_in, { t: elapsed(Math.abs(left)) });
}

function ticketCard(view: TodoView, ticket: Ticket): TemplateResult {
  const { desk, labels } = view;
  const late = isLate(ticket, desk.lists.now);
  const about = [ticket.reason, ticket.facts].filter(Boolean).join("\n");
  return html`<article class="card ticket ${late ? "late" : ""}" aria-label=${ticket.number}>
    <div class="row between">
      <strong>${labels[ticket.kind]}</strong>
      <span class="clock ${late ? "late" : ""}" title=${dueTime(nextDue(ticket))}
        >${ticking(() => dueWords(ticket, desk.lists.now, labels))}</span
      >
    </div>
    <p>${ticketLink(ticket.number)}</p>
    <p class="row wrap">
      <em class="tag ${ticket.severity === "一般" ? "" : "alarm"}">${ticket.severity}</em>
      ${ticket.repeat ? html`<em class="tag amber">${labels.todo_repeat}</em>` : nothing}
      ${ticket.provisional ? html`<em class="tag">${labels.todo_provisional}</em>` : nothing}
      ${takenTag(labels, ticket)}
    </p>
    ${about ? html`<p class="about-case">${about}</p>` : nothing}
    ${ticket.may_work ? deeds(view, ticket) : html`<p class="faint">${labels.todo_not_yours}</p>`}
  </article>`;
}

function takenTag(labels: Labels, ticket: Ticket): TemplateResult | typeof nothing {
  if (!ticket.taken_by) return nothing;
  const words = ticket.mine ? labels.todo_mine : fill(labels.todo_taken_by, { name: ticket.taken_by });
  return html`<em class="tag ${ticket.mine ? "green" : ""}">${words}</em>`;
}

function deeds(view: TodoView, ticket: Ticket): TemplateResult {
  const { desk, labels } = view;
  const { todo } = desk;
  const { number } = ticket;
  const shown = todo.shown(number);
  const off = desk.busy || !desk.online;
  const takeable = ["NEW", "ACCEPTED", "REOPENED"].includes(ticket.state);
  return html`
    ${shown ? contactView(view, ticket.number, ticket.kind, shown) : nothing}
    <div class="row wrap">
      ${
        takeable
          ? html`<button type="button" class="strong" ?disabled=${off} @click=${() => todo.take(number)}>${labels.todo_take}</button>`
          : nothing
      }
      ${
        shown
          ? nothing
          : html`<button type="button" title=${labels.todo_contact_hint} ?disabled=${off} @click=${() => todo.reveal(number)}>
            ${labels.todo_contact}
          </button>`
      }
      ${
        ticket.kind === "callback" && todo.noting !== number
          ? html`<button type="button" ?disabled=${off} @click=${() => todo.note(number)}>${labels.todo_done}</button>`
          : nothing
      }
    </div>
    ${todo.noting === number ? noteForm(view, number, off) : nothing}
  `;
}

/** The customer's number or address, for a minute. */
export function contactView(
  { desk, labels }: TodoView,
  number: string,
  kind: Ticket["kind"],
  shown: Shown,
): TemplateResult {
  if (shown.contact === null) {
    const words = kind === "callback" ? labels.todo_contact_none : labels.todo_contact_chat;
    return html`<p class="contact faint" role="status">${words}</p>`;
  }
  const left = () => Math.max(0, Math.ceil((shown.until - Date.now()) / 1000));
  return html`<div class="contact">
    <p class="row between">
      <strong role="status">${shown.contact}</strong>
      <button type="button" class="quiet" @click=${() => desk.todo.hide(number)}>${labels.todo_contact_hide}</button>
    </p>
    <p class="faint">${ticking(() => fill(labels.todo_contact_left, { n: left() }))}</p>
  </div>`;
}

function noteForm({ desk, labels }: TodoView, number: string, off: boolean): TemplateResult {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const note = String(new FormData(event.target as HTMLFormElement).get("note") ?? "").trim();
    if (note) void desk.todo.done(number, note);
  };
  return html`<form class="result" @submit=${submit}>
    <label class="field"><span>${labels.todo_note}</span>
      <textarea name="note" rows="2" maxlength="1000" required placeholder=${labels.todo_note_hint}></textarea>
    </label>
    <div class="row end">
      <button type="button" class="quiet" @click=${() => desk.todo.note(null)}>${labels.cancel}</button>
      <button type="submit" class="solid" ?disabled=${off}>${labels.todo_note_save}</button>
    </div>
  </form>`;
}
