import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import { dateParts, type Reach, reach } from "./channel";
import type { Labels } from "./labels.zh";
import type { ChannelState, Delivery } from "./model";

/** 网页 or 微信; a channel that this page does not know keeps its own name. */
export function channelBadge(
  labels: Labels,
  name: string | null | undefined,
): TemplateResult | typeof nothing {
  if (!name) return nothing;
  const words = { web: labels.web, wechat: labels.wechat }[name] ?? name;
  return html`<em class="tag ${name === "wechat" ? "wechat" : ""}">${words}</em>`;
}

/** How many messages may still go out, and until when. Nothing for a channel that is always there. */
export function reachView(
  labels: Labels,
  channel: ChannelState,
  now: number,
): TemplateResult | typeof nothing {
  const standing = reach(channel, now);
  if (standing === "always") return nothing;
  const said = [];
  if (standing === "unsubscribed") said.push(labels.reach_unsubscribed);
  else if (standing === "over") said.push(labels.reach_over);
  else {
    if (channel.left !== null) said.push(fill(labels.reach_left, { n: Math.max(0, channel.left) }));
    if (channel.window_until) said.push(fill(labels.reach_until, dateParts(channel.window_until)));
  }
  if (channel.held > 0) said.push(fill(labels.reach_held, { n: channel.held }));
  return html`<p class="reach ${standing === "open" ? "" : "low"}">${said.join(" · ")}</p>`;
}

/** What happens with what is sent now, where it cannot reach the customer at once. */
export function waitView(
  labels: Labels,
  channel: ChannelState,
  now: number,
): TemplateResult | typeof nothing {
  const why: Partial<Record<Reach, string>> = {
    used_up: labels.wait_used_up,
    over: labels.wait_over,
    unsubscribed: labels.wait_unsubscribed,
  };
  const standing = reach(channel, now);
  if (standing === "always") return nothing;
  const words = why[standing];
  return html`<div role="status">${words ? html`<p class="wait">${words}</p>` : nothing}</div>`;
}

/** What became of a message; one that arrived says nothing. */
export function deliveryView(
  labels: Labels,
  delivery: Delivery | undefined,
): TemplateResult | typeof nothing {
  if (!delivery || delivery === "sent") return nothing;
  return html`<p class="delivery ${delivery}">
    <span class="unseen">${labels.delivery}</span>${labels[`delivery_${delivery}`]}
  </p>`;
}
