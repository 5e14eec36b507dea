import type { ChannelState } from "./model";

/** Whether what the agent sends now reaches the customer, and if not, why. */
export type Reach = "always" | "open" | "last" | "used_up" | "over" | "unsubscribed";

export function reach(channel: ChannelState, now: number): Reach {
  if (channel.subscribed === null) return "always";
  if (!channel.subscribed) return "unsubscribed";
  if (channel.window_until === null || Date.parse(channel.window_until) <= now) return "over";
  if (channel.left === null) return "open";
  return channel.left <= 0 ? "used_up" : channel.left === 1 ? "last" : "open";
}

/**
 * What is known of the channel of the conversation on the screen. The stream tells all about the agent's own; of one
 * that only waits the list brings the news, and leaves the deliveries to the snapshot.
 */
export function channelOf(
  told: ChannelState | null,
  listed: ChannelState | null,
  mine: boolean,
): ChannelState | null {
  if (!told || !listed) return told ?? listed;
  return mine ? told : { ...listed, deliveries: listed.deliveries ?? told.deliveries };
}

const parts = new Intl.DateTimeFormat("en-US", {
  timeZone: "Asia/Shanghai", // The bank's own zone, as everywhere on the desk.
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** {month: "11", day: "24", hour: "12", minute: "00"}, for a label to put in order. */
export function dateParts(at: string): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(new Date(at)).map((one) => [one.type, one.value]));
}
