import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import { recalls } from "../../shared/log";
import { bankDay, hourMinute, longDay } from "../../shared/times";
import type { WireEvent } from "../../shared/wire";
import type { Former, FormerTalk } from "../model";
import type { Talk } from "../talk";
import { troubleView } from "../tickets/views-list";
import { channelBadge } from "../views-channel";
import { eventView, titlesOf } from "../views-event";
import { notesView, outcomeWords } from "./handover-notes";
import { section } from "./handover-parts";
import type { TabView } from "./tab";

/** The customer's earlier conversations, each to be opened under its line. */
export function formersView(
  view: TabView,
  talk: Talk,
  formers: readonly Former[],
): TemplateResult | typeof nothing {
  const { labels } = view;
  if (formers.length === 0) return nothing;
  return section(
    labels.formers,
    html`<p class="faint">${labels.todo_contact_hint}</p>
      <ul class="formers">
        ${repeat(
          formers,
          (one) => `${talk.id}/${one.id}`,
          (one) => formerView(view, talk, one),
        )}
      </ul>`,
  );
}

function formerView(view: TabView, talk: Talk, one: Former): TemplateResult {
  const { desk, labels } = view;
  const { lookback } = desk.tools;
  const shown = lookback.shows(talk.id, one.id);
  const t = `${longDay(one.at)} ${hourMinute(one.at)}`;
  const outcome = outcomeWords(desk, labels, one) || ((labels as Record<string, string>)[one.state] ?? "");
  return html`<li>
    <div class="row">
      <p class="grow row wrap"><time datetime=${one.at}>${t}</time>${channelBadge(labels, one.channel)}</p>
      <button
        type="button"
        aria-expanded=${shown ? "true" : "false"}
        aria-label=${fill(shown ? labels.former_shut_at : labels.former_look_at, { t })}
        ?disabled=${!desk.online && !shown}
        @click=${() => (shown ? lookback.shut() : void lookback.open(talk.id, one.id))}
      >${shown ? labels.former_shut : labels.former_look}</button>
    </div>
    ${one.topic ? html`<p>${one.topic}</p>` : nothing}
    <p class="faint">${[one.reason, outcome].filter(Boolean).join(" · ")}</p>
    ${shown ? readView(view, talk, one, t) : nothing}
  </li>`;
}

/** Under a line at the lower edge it would open out of sight. Once: the same function is not called again. */
const intoSight = (opened?: Element): void => {
  if (opened) requestAnimationFrame(() => opened.scrollIntoView({ block: "nearest" }));
};

function readView(view: TabView, talk: Talk, one: Former, t: string): TemplateResult {
  const { desk, labels } = view;
  const { lookback } = desk.tools;
  if (lookback.trouble) {
    return troubleView(labels, lookback.trouble, () => void lookback.open(talk.id, one.id));
  }
  if (!lookback.talk) return html`<p class="faint" role="status">${labels.starting}</p>`;
  return html`<div ${ref(intoSight)} class="former-talk" role="region" tabindex="0" aria-label=${fill(labels.former_talk, { t })}>
    ${notesView(view, lookback.talk.notes)} ${eventsView(view, talk, lookback.talk)}
  </div>`;
}

function eventsView({ desk, labels }: TabView, talk: Talk, former: FormerTalk): TemplateResult {
  const { events } = former;
  if (events.length === 0) return html`<p class="line">${labels.former_empty}</p>`;
  const taken = recalls(events);
  const titles = titlesOf(talk.package);
  const media = desk.lists.mayRead(talk.id);
  return html`${events.map(
    (event, at) =>
      html`${dayView(event, events[at - 1])}${eventView(event, {
        desk,
        labels,
        talk: { id: former.id, state: null },
        media,
        titles,
        channel: null,
        taken: taken.get(event.seq),
      })}`,
  )}`;
}

/** Events tell their hour only: where another day begins, it is named. */
function dayView(event: WireEvent, before: WireEvent | undefined): TemplateResult | typeof nothing {
  const day = (one: WireEvent) => bankDay(Date.parse(one.at));
  if (before && day(before) === day(event)) return nothing;
  return html`<p class="line">${longDay(event.at)}</p>`;
}
