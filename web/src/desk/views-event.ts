import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import { hourMinute } from "../shared/times";
import type { WireEvent } from "../shared/wire";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import type { ChannelState, Package } from "./model";
import type { Talk } from "./talk";
import { ticking } from "./ticking";
import { deliveryView } from "./views-channel";
import { mediaView } from "./views-media";

export interface EventView {
  desk: Desk;
  labels: Labels;
  /** Without a state where it is only read: nothing can be taken back. */
  talk: Pick<Talk, "id" | "state">;
  /** Pictures and files may be fetched; where not, their words stand for them. */
  media: boolean;
  /** Names of warnings, by their ids. */
  titles: ReadonlyMap<string, string>;
  channel: ChannelState | null;
  /** The event by which this one was taken back. */
  taken: WireEvent | undefined;
}

/** Events name a warning by its id; the package knows what it is called. */
export function titlesOf(pack: Package | null): ReadonlyMap<string, string> {
  return new Map((pack?.warnings ?? []).map((one) => [one.id, one.title ?? one.id]));
}

/** One event of a conversation, or nothing for one that has nothing to be read. */
export function eventView(event: WireEvent, view: EventView): TemplateResult | typeof nothing {
  const { labels, talk, titles, channel, taken } = view;
  const media = view.media ? event.media : null;
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
    <header>
      <strong>${who[kind]}${kind === "agent" && name ? html` · ${name}` : nothing}</strong>${time}
      ${mayRecall(event, view) ? ticking(() => recallButton(event, view)) : nothing}
    </header>
    <div class="said">
      ${taken ? takenView(labels, event, taken) : nothing}
      ${media ? mediaView(labels, talk.id, event, media) : nothing}
      ${media || taken ? nothing : html`<p class="text">${event.text}</p>`}
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

/** The words stay for the desk, struck through: the customer has them no more. */
function takenView(labels: Labels, event: WireEvent, taken: WireEvent): TemplateResult {
  const said = { name: taken.actor.name ?? "", t: hourMinute(taken.at) };
  return html`<p class="text"><del>${event.text}</del></p>
    <p class="mark">${fill(labels.recalled_by, said)}</p>`;
}

/** As far as the page can tell; the server decides. */
function mayRecall(event: WireEvent, { desk, talk, channel, taken }: EventView): boolean {
  const { kind, actor } = event;
  const delivery = channel?.deliveries?.[event.seq];
  return (
    kind === "message" &&
    actor.kind === "agent" &&
    actor.name === desk.user?.name &&
    !taken &&
    talk.state === "HUMAN" &&
    desk.lists.isMine(talk.id) &&
    desk.lists.now - Date.parse(event.at) < desk.page.recall_s * 1000 &&
    (channel?.name !== "wechat" || !delivery || delivery === "pending" || delivery === "held")
  );
}

/** It goes with its time, whatever else is drawn. Only what may still be recalled is looked at each second. */
function recallButton(event: WireEvent, view: EventView): TemplateResult | typeof nothing {
  const { desk, labels, talk } = view;
  if (!mayRecall(event, view)) return nothing;
  return html`<button
    type="button"
    class="plain recall"
    ?disabled=${desk.busy || !desk.online}
    @click=${() => void desk.deeds.recall(talk.id, event.seq)}
  >${labels.recall}</button>`;
}
