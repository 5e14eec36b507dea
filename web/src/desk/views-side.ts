import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../shared/fill";
import { hourMinute } from "../shared/times";
import type { Desk } from "./desk";
import { nthKeys, SHORTCUTS } from "./keys";
import type { Labels } from "./labels.zh";
import type { Item, Offer } from "./model";
import { channelBadge } from "./views-channel";
import { nextClockView, offerClockView, quietView, waitingView } from "./views-clocks";
import { moodTag } from "./views-mood";
import { todoView } from "./views-todo";

export interface SideView {
  desk: Desk;
  labels: Labels;
  /** The offer whose reasons for declining are shown. */
  declining: string | null;
  setDeclining(id: string | null): void;
  /** How many of the queue are shown. */
  rows: number;
  moreRows(): void;
}

export function sideView(view: SideView): TemplateResult {
  const { desk, labels } = view;
  const { offers = [], queue = [], mine = [], limit = 3 } = desk.lists.view ?? {};
  const full = mine.length >= limit;
  const waiting = desk.lists.view?.queue_total ?? queue.length;
  const shown = queue.slice(0, view.rows);
  return html`<aside class="side" aria-label=${labels.mine}>
    ${
      offers.length > 0
        ? html`<section class="offers" aria-label=${labels.offers} aria-live="assertive">
          <h2>${labels.offers}<b>${offers.length}</b></h2>
          ${repeat(
            offers,
            (one) => one.conversation_id,
            (one) => offerCard(view, one, full),
          )}
        </section>`
        : nothing
    }
    <section aria-label=${labels.mine}>
      <h2>${labels.mine}<small>${fill(labels.limit, { n: mine.length, max: limit })}</small></h2>
      ${mine.length === 0 ? html`<p class="empty">${labels.mine_empty}</p>` : nothing}
      ${repeat(
        mine,
        (one) => one.conversation_id,
        (one, index) => mineCard(view, one, index),
      )}
    </section>
    <section aria-label=${labels.queue}>
      <h2>${labels.queue}<small>${waiting}</small></h2>
      ${full && queue.length > 0 ? html`<p class="empty warn">${labels.limit_full}</p>` : nothing}
      ${queue.length === 0 ? html`<p class="empty">${labels.queue_empty}</p>` : nothing}
      ${repeat(
        shown,
        (one) => one.conversation_id,
        (one) => queueCard(view, one, full),
      )}
      ${
        queue.length > shown.length
          ? html`<button type="button" class="wide" @click=${view.moreRows}>
            ${fill(labels.queue_more, { n: waiting - shown.length })}
          </button>`
          : waiting > shown.length
            ? html`<p class="empty">${fill(labels.queue_behind, { n: waiting - shown.length })}</p>`
            : nothing
      }
    </section>
    ${todoView(view)}
  </aside>`;
}

function tags(labels: Labels, item: Item): TemplateResult {
  return html`<span class="tags">
    ${urgentTags(labels, item)}
    ${channelBadge(labels, item.channel)}
    ${item.topic ? html`<em class="tag">${item.topic}</em>` : nothing}
  </span>`;
}

function urgentTags(labels: Labels, item: Item): TemplateResult {
  return html`${item.severity_flag ? html`<em class="tag alarm">${labels.flagged}</em>` : nothing}${moodTag(labels, item.mood)}`;
}

function offerCard(view: SideView, item: Offer, full: boolean): TemplateResult {
  const { desk, labels } = view;
  const id = item.conversation_id;
  const decline = (reason: string) => {
    view.setDeclining(null);
    void desk.deeds.decline(item, reason);
  };
  return html`<article class="card offer">
    <button type="button" class="open" @click=${() => desk.select(id)}>
      <strong>${item.reason?.text ?? labels.offer}</strong>
      <span class="last">${item.last_text ?? ""}</span>
      <span class="row" aria-live="off">${tags(labels, item)}${waitingView(view, item)}</span>
    </button>
    ${offerClockView(view, item)}
    ${
      view.declining === id
        ? html`<div class="row wrap declining">
          <button type="button" @click=${() => decline(labels.decline_busy)}>${labels.decline_busy}</button>
          <button type="button" @click=${() => decline(labels.decline_skill)}>${labels.decline_skill}</button>
          <button type="button" class="quiet" @click=${() => view.setDeclining(null)}>${labels.decline_back}</button>
        </div>`
        : html`<div class="row">
          <button type="button" class="solid" ?disabled=${desk.busy || full} @click=${() => desk.deeds.claim(item)}>
            ${labels.accept}
          </button>
          <button type="button" ?disabled=${desk.busy} @click=${() => view.setDeclining(id)}>${labels.decline}</button>
        </div>`
    }
  </article>`;
}

function mineCard(view: SideView, item: Item, index: number): TemplateResult {
  const { desk, labels } = view;
  const unread = desk.lists.unread(item);
  const current = desk.current === item.conversation_id;
  return html`<article class="card ${current ? "current" : ""}">
    <button
      type="button"
      class="open"
      aria-current=${current ? "true" : "false"}
      title=${nthKeys(SHORTCUTS.mine, index)}
      @click=${() => desk.select(item.conversation_id)}
    >
      <span class="row">
        <strong>${item.topic || item.reason?.text || labels.customer}</strong>
        ${
          unread > 0
            ? html`<b class="unread" aria-label=${fill(labels.unread, { n: unread })}>${unread}</b>`
            : nothing
        }
      </span>
      <span class="last">${item.last_text ?? ""}</span>
      <span class="row">
        <span class="tags">
          ${urgentTags(labels, item)}
          ${channelBadge(labels, item.channel)}
          <em class="tag ${item.state === "WRAP_UP" ? "amber" : "green"}">${labels[item.state] ?? item.state}</em>
        </span>
        ${item.last_at ? html`<span class="clock">${hourMinute(item.last_at)}</span>` : nothing}
      </span>
      ${nextClockView(view, item)}${quietView(view, item)}
    </button>
  </article>`;
}

function queueCard(view: SideView, item: Item, full: boolean): TemplateResult {
  const { desk, labels } = view;
  const current = desk.current === item.conversation_id;
  return html`<article class="card ${current ? "current" : ""}">
    <button type="button" class="open" @click=${() => desk.select(item.conversation_id)}>
      <strong>${item.reason?.text ?? ""}</strong>
      <span class="last">${item.last_text ?? ""}</span>
      <span class="row">${tags(labels, item)}${waitingView(view, item)}</span>
    </button>
    <div class="row">
      <button type="button" class="solid" ?disabled=${desk.busy || full} @click=${() => desk.deeds.claim(item)}>
        ${labels.accept}
      </button>
    </div>
  </article>`;
}
