import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../shared/fill";
import { recalls } from "../shared/log";
import { channelOf } from "./channel";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import type { ChannelState, Verdict } from "./model";
import type { Talk } from "./talk";
import { channelBadge, reachView, waitView } from "./views-channel";
import { clocksView, quietView } from "./views-clocks";
import type { DialogKind } from "./views-dialogs";
import { eventView, titlesOf } from "./views-event";
import { checkView, verdictTitle, verdictView } from "./views-guard";

export interface TalkView {
  desk: Desk;
  labels: Labels;
  draft: string;
  overrideReason: string;
  write(text: string): void;
  setOverrideReason(text: string): void;
  send(): void;
  dialog(which: DialogKind): void;
}

export function talkView(view: TalkView): TemplateResult {
  const { desk, labels } = view;
  const { talk } = desk;
  if (!talk) {
    return html`<main class="talk none"><div><h2>${labels.pick}</h2><p>${labels.pick_hint}</p></div></main>`;
  }
  const channel = channelOf(
    talk.channel,
    desk.lists.item(talk.id)?.channel_state ?? null,
    desk.lists.isMine(talk.id),
  );
  const taken = recalls(talk.log.events);
  const titles = titlesOf(talk.package);
  return html`<main class="talk">
    ${headView(view, talk, channel)}
    <div class="events" role="log" aria-live="polite" tabindex="0" aria-label=${labels.title}>
      ${repeat(
        talk.log.events,
        (event) => `${talk.id}/${event.seq}`, // Another customer's picture never shows in this one's place.
        (event) =>
          eventView(event, { desk, labels, talk, media: true, titles, channel, taken: taken.get(event.seq) }),
      )}
      ${desk.lists.item(talk.id)?.typing ? html`<p class="line">${labels.customer_typing}</p>` : nothing}
      ${talk.log.events.length === 0 && !talk.trouble && !talk.gone ? html`<p class="line">${labels.starting}</p>` : nothing}
    </div>
    ${talk.verdict ? refusedView(view, talk, talk.verdict) : composeView(view, talk, channel)}
  </main>`;
}

function headView(
  { desk, labels, dialog }: TalkView,
  talk: Talk,
  channel: ChannelState | null,
): TemplateResult {
  const item = desk.lists.item(talk.id);
  const mine = desk.lists.isMine(talk.id);
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
        ${desk.lists.watches(talk.id) ? watchedTag(desk, labels, talk) : nothing}
        ${talk.package?.large_type ? html`<em class="tag">${labels.large_type}</em>` : nothing}
        ${talk.gone ? nothing : clocksView({ desk, labels }, desk.lists.clocksOf(talk.id, item))}
        ${mine ? quietView({ desk, labels }, item) : nothing}
      </p>
      ${channel && !talk.gone ? reachView(labels, channel, desk.lists.now) : nothing}
    </div>
    ${
      serving
        ? html`<button type="button" ?disabled=${desk.busy} @click=${() => dialog("return")}>${labels.give_back}</button>
          <button type="button" ?disabled=${desk.busy} @click=${() => dialog("transfer")}>${labels.transfer}</button>`
        : nothing
    }
    ${
      desk.lists.canWrapUp(talk.id)
        ? html`<button type="button" class="strong" ?disabled=${desk.busy} @click=${() => dialog("close")}>
          ${mine ? labels.close : labels.wrap_up_form}
        </button>`
        : nothing
    }
    ${
      desk.lists.watches(talk.id)
        ? html`<button type="button" class="strong" ?disabled=${desk.busy} @click=${() => dialog("takeover")}>${labels.take_over}</button>`
        : nothing
    }
    ${
      queued && item && !mine
        ? html`<button type="button" class="solid" ?disabled=${desk.busy} @click=${() => desk.deeds.claim(item)}>
          ${labels.claim}
        </button>`
        : nothing
    }
  </header>`;
}

/** Without a stream the page does not follow: each look goes on record, so it is left to whoever watches. */
function watchedTag(desk: Desk, labels: Labels, { id, holder }: Talk): TemplateResult {
  const name = desk.page.transfer_queues.find((one) => one.id === `agent:${holder}`)?.label ?? holder ?? "";
  if (desk.seesLive(id)) return html`<em class="tag amber">${fill(labels.watching, { name })}</em>`;
  return html`<em class="tag amber">${fill(labels.watching_still, { name })}</em>
    <button type="button" class="quiet" @click=${() => desk.select(id)}>${labels.look_again}</button>`;
}

function composeView(view: TalkView, talk: Talk, channel: ChannelState | null): TemplateResult {
  const { desk, labels } = view;
  const mine = desk.lists.isMine(talk.id);
  const state = desk.lists.item(talk.id)?.state ?? talk.state;
  const why = !mine
    ? !talk.gone && (state === "QUEUED" || state === "OFFERED" || state === "HUMAN")
      ? labels.not_mine
      : desk.lists.canWrapUp(talk.id)
        ? labels.wrap_up
        : labels.not_mine_ended
    : state === "WRAP_UP"
      ? labels.wrap_up
      : "";
  const can = mine && state === "HUMAN" && desk.online && !talk.sending && view.draft.trim() !== "";
  if (!why && desk.online) desk.tools.check.follow(talk.id, view.draft); // The guard looks along.
  return html`<footer class="compose">
    ${talk.trouble ? html`<p class="trouble" role="alert">${talk.trouble}</p>` : nothing}
    ${mine && state === "HUMAN" && channel ? waitView(labels, channel, desk.lists.now) : nothing}
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
          ></textarea>
          ${checkView(labels, why ? null : desk.tools.check.of(talk.id, view.draft))}
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

function refusedView(view: TalkView, talk: Talk, verdict: Verdict): TemplateResult {
  const { desk, labels, overrideReason } = view;
  const idle = desk.online && !talk.sending;
  const override = {
    reason: overrideReason,
    write: view.setOverrideReason,
    send: () => void desk.deeds.send(talk.id, verdict.text, { override: overrideReason.trim() }),
  };
  return html`<section class="compose verdict" aria-label=${verdictTitle(labels, verdict)}>
    ${verdictView({
      labels,
      verdict,
      idle,
      trouble: talk.trouble,
      complete: (text) => void desk.deeds.send(talk.id, text),
      edit: () => desk.deeds.dropVerdict(talk.id),
      confirm: () => void desk.deeds.send(talk.id, verdict.text, { confirmed: true }),
      override: desk.lists.may("override") ? override : null,
    })}
  </section>`;
}
