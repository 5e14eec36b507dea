import type { WireEvent } from "./wire";

/** A conversation as a page knows it: events by number, and the end reached. Pure functions only. */
export interface Log {
  events: readonly WireEvent[];
  lastSeq: number;
}

export const EMPTY_LOG: Log = { events: [], lastSeq: 0 };

/** Adds events in the order of their numbers; what is known already is left out. */
export function addEvents(log: Log, more: readonly WireEvent[]): Log {
  const known = new Set(log.events.map((event) => event.seq));
  const fresh = more.filter((event) => !known.has(event.seq) && known.add(event.seq));
  if (fresh.length === 0) return log;
  const events = [...log.events, ...fresh].sort((a, b) => a.seq - b.seq);
  return { events, lastSeq: Math.max(log.lastSeq, events[events.length - 1]?.seq ?? 0) };
}

/** What was taken back: its number, and the event that took it back. */
export function recalls(events: readonly WireEvent[]): Map<number, WireEvent> {
  const found = new Map<number, WireEvent>();
  for (const event of events) if (typeof event.recalls === "number") found.set(event.recalls, event);
  return found;
}

export function hasSeq(log: Log, seq: number): boolean {
  return log.events.some((event) => event.seq === seq);
}
