import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../shared/fill";
import { elapsed, hourMinute } from "../shared/times";
import type { WireEvent } from "../shared/wire";
import { channelOf } from "./channel";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import type { ChannelState, Deadline, Verdict } from "./model";
import type { Talk } from "./talk";
import { channelBadge, deliveryView, reachView, waitView } from "./views-channel";
import { mediaView } from "./views-media";

export interface TalkView {
  desk: Desk;
  labels: Labels;
  draft: string;
  overrideReason: string;
  write(text: string): void;
  setOverrideReason(text: string): void;
  keys(event: KeyboardEvent): void;
  send(): void;
  dialog(which: "close" | "transfer" | "return"): void;
}

export function talkView(view: TalkView): TemplateResult {
  const { desk, labels } = view;
  const { talk } = desk;
  if (!talk) {
    return html`<main class="talk none"><div><h2>${labels.pick}</h2><p>${labels.pick_hint}</p></div></main>`;
  }
  const channel = channelOf(talk.channel, desk.item(talk.id)?.channel_state ?? null, desk.isMine(talk.id));
  // Events name a warning by its id; the package knows what it is called.
  const titles = new Map((talk.package?.warnings ?? []).map((one) => [one.id, one.title ?? one.id]));
  return html`<main class="talk">
    ${headView(view, talk, channel)}
    <div class="events" role="log" aria-live="polite" tabindex="0" aria-label=${labels.title}>
      ${repeat(
        talk.log.events,
        (event) => `${talk.id}/${event.seq}`, // Another customer's picture never shows in this one's place.
        (event) => eventView(labels, talk.id, event, titles, channel),
      )}
      ${desk.item(talk.id)?.typing ? html`<p class="line">${labels.customer_typing}</p>` : nothing}
      ${talk.log.events.length === 0 && !talk.trouble && !talk.gone ? html`<p class="line">${labels.starting}</p>` : nothing}
    </div>
    ${talk.verdict ? verdictView(view, talk, talk.verdict) : composeView(view, talk, channel)}
  </main>`;
}

function headView(
  { desk, labels, dialog }: TalkView,
  talk: Talk,
  channel: ChannelState | null,
): TemplateResult {
  const item = desk.item(talk.id);
  const mine = desk.isMine(talk.id);
  const state = talk.state ?? item?.state;
  const title = talk.package?.topic || item?.topic || talk.package?.reason?.text || labels.customer;
  const serving = mine && state === "HUMAN";
  const queued = state === "QUEUED" || state === "OFFERED";
  return html`<header class="talk-head">
    <div class="grow">
      <div class="titled">
        <h2>${title}</h2>
        ${channelBadge(labels, channel?.name ?? talk.package?.channel ?? item?.channel)}
      </div>
      <p class="row wrap">
        ${state && !talk.gone ? html`<em class="tag ${state === "HUMAN" ? "green" : "amber"}">${labels[state] ?? state}</em>` : nothing}
        ${talk.package?.large_type ? html`<em class="tag">${labels.large_type}</em>` : nothing}
        ${(talk.gone ? [] : talk.deadlines).map((one) => deadlineView(labels, one, desk.now))}
      </p>
      ${channel && !talk.gone ? reachView(labels, channel, desk.now) : nothing}
    </div>
    ${
      serving
        ? html`<button type="button" ?disabled=${desk.busy} @click=${() => dialog("return")}>${labels.give_back}</button>
          <button type="button" ?disabled=${desk.busy} @click=${() => dialog("transfer")}>${labels.transfer}</button>`
        : nothing
    }
    ${
      mine
        ? html`<button type="button" class="strong" ?disabled=${desk.busy} @click=${() => dialog("close")}>
          ${labels.close}
        </button>`
        : nothing
    }
    ${
      queued && item && !mine
        ? html`<button type="button" class="solid" ?disabled=${desk.busy} @click=${() => desk.claim(item)}>
          ${labels.claim}
        </button>`
        : nothing
    }
  </header>`;
}

export function deadlineView(labels: Labels, one: Deadline, now: number): TemplateResult {
  const left = Date.parse(one.due_at) - now;
  const late = one.breached || left < 0;
  const near = !late && left < 60_000;
  const text = fill(late ? labels.overdue : labels.due_in, { t: elapsed(Math.abs(left)) });
  return html`<span class="tag ${late ? "alarm" : near ? "amber" : ""}">${one.label} ${text}</span>`;
}

function eventView(
  labels: Labels,
  id: string,
  event: WireEvent,
  titles: ReadonlyMap<string, string>,
  channel: ChannelState | null,
): TemplateResult | typeof nothing {
  const time = html`<time datetime=${event.at}>${hourMinute(event.at)}</time>`;
  const delivery = deliveryView(labels, channel?.deliveries?.[event.seq]);
  if (event.kind === "state") {
    const text = event.text || (event.state ? labels[event.state] : "");
    if (!text) return nothing;
    const line = html`<p class="line"><span>${text}</span>${time}</p>`;
    return delivery === nothing ? line : html`<div class="noted">${line}${delivery}</div>`;
  }
  if (!event.text && !event.case && !event.media) return nothing;
  const { kind, name } = event.actor;
  const who = {
    customer: labels.customer,
    bot: labels.actor_bot,
    agent: labels.actor_agent,
    system: labels.actor_system,
  };
  const warnings = event.disclosures ?? [];
  return html`<article class="event ${kind}">
    <header><strong>${who[kind]}${kind === "agent" && name ? html` · ${name}` : nothing}</strong>${time}</header>
    <div class="said">
      ${event.media ? mediaView(labels, id, event, event.media) : html`<p class="text">${event.text}</p>`}
      ${
        event.choices?.length
          ? html`<p class="offered">${event.choices.map((one) => html`<span>${one.label}</span>`)}</p>`
          : nothing
      }
      ${event.case ? html`<p class="mark">${labels.cases}：${event.case.number}</p>` : nothing}
      ${
        warnings.length > 0
          ? html`<p class="mark warned">
            ${fill(labels.with_warning, { names: warnings.map((one) => one.title ?? titles.get(one.id) ?? one.id).join("、") })}
          </p>`
          : nothing
      }
      ${
        event.script
          ? html`<p class="source">
            ${fill(labels.script_used, { id: event.script.id, version: event.script.version ?? "" })}
          </p>`
          : nothing
      }
    </div>
    ${delivery}
  </article>`;
}

function composeView(view: TalkView, talk: Talk, channel: ChannelState | null): TemplateResult {
  const { desk, labels } = view;
  const mine = desk.isMine(talk.id);
  const state = desk.item(talk.id)?.state ?? talk.state;
  const why = !mine
    ? !talk.gone && (state === "QUEUED" || state === "OFFERED" || state === "HUMAN")
      ? labels.not_mine
      : labels.not_mine_ended
    : state === "WRAP_UP"
      ? labels.wrap_up
      : "";
  const can = mine && state === "HUMAN" && desk.online && !talk.sending && view.draft.trim() !== "";
  return html`<footer class="compose">
    ${talk.trouble ? html`<p class="trouble" role="alert">${talk.trouble}</p>` : nothing}
    ${mine && state === "HUMAN" && channel ? waitView(labels, channel, desk.now) : nothing}
    ${
      why && !view.draft
        ? html`<p class="why">${why}</p>`
        : html`
          ${why ? html`<p class="why">${why}</p>` : nothing}
          <label class="unseen" for="reply">${labels.reply}</label>
          <textarea
            id="reply"
            rows="4"
            placeholder=${labels.reply_placeholder}
            .value=${live(view.draft)}
            @input=${(event: Event) => view.write((event.target as HTMLTextAreaElement).value)}
            @keydown=${view.keys}
          ></textarea>
          <div class="row end">
            <span class="hint grow">${labels.reply_hint}</span>
            <button type="button" class="solid send" ?disabled=${!can} @click=${view.send}>
              ${talk.sending ? labels.sending : labels.send}
            </button>
          </div>
        `
    }
  </footer>`;
}

function verdictView(view: TalkView, talk: Talk, verdict: Verdict): TemplateResult {
  const { desk, labels } = view;
  const idle = desk.online && !talk.sending;
  const { completed } = verdict;
  const title = verdict.confirmable ? labels.guard_title_doubt : labels.guard_title;
  return html`<section class="compose verdict" aria-label=${title}>
    <div role="alert"><h3>${title}</h3></div>
    ${talk.trouble ? html`<p class="trouble" role="alert">${talk.trouble}</p>` : nothing}
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
          : html`<button type="button" class="solid" ?disabled=${!idle} @click=${() => desk.send(talk.id, completed)}>
            ${labels.guard_send}
          </button>`
      }
      <button type="button" class=${verdict.confirmable ? "solid edit" : "edit"} @click=${() => desk.dropVerdict(talk.id)}>
        ${labels.guard_edit}
      </button>
      ${
        verdict.confirmable
          ? html`<button
            type="button"
            class="confirm"
            ?disabled=${!idle}
            @click=${() => desk.send(talk.id, verdict.text, { confirmed: true })}
          >${labels.guard_confirm}</button>`
          : nothing
      }
    </div>
    ${desk.supervisor && !verdict.confirmable ? overrideView(view, talk, verdict, idle) : nothing}
  </section>`;
}

/** What the guard added stands out where it simply follows or precedes the agent's own words. */
function completedText(own: string, completed: string): TemplateResult {
  const at = completed.indexOf(own.trim());
  if (at < 0) return html`<p class="text">${completed}</p>`;
  const end = at + own.trim().length;
  const added = (text: string) => (text ? html`<mark>${text}</mark>` : nothing);
  return html`<p class="text">${added(completed.slice(0, at))}${completed.slice(at, end)}${added(completed.slice(end))}</p>`;
}

function overrideView(view: TalkView, talk: Talk, verdict: Verdict, idle: boolean): TemplateResult {
  const { desk, labels, overrideReason } = view;
  return html`<details>
    <summary>${labels.guard_override}</summary>
    <div class="row">
      <label class="unseen" for="override">${labels.guard_reason}</label>
      <input
        id="override"
        class="grow"
        placeholder=${labels.guard_reason}
        .value=${live(overrideReason)}
        @input=${(event: Event) => view.setOverrideReason((event.target as HTMLInputElement).value)}
      />
      <button
        type="button"
        ?disabled=${!idle || overrideReason.trim() === ""}
        @click=${() => desk.send(talk.id, verdict.text, { override: overrideReason.trim() })}
      >${labels.guard_override_send}</button>
    </div>
  </details>`;
}
