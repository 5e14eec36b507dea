import { fill } from "../../shared/fill";
import { bankDay } from "../../shared/times";
import type { Labels } from "../labels.zh";
import type { Brief } from "./model";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Time left in words that need no colour: 还剩3小时, 已超时2小时. */
export function leftWords(dueAt: string, now: number, labels: Labels, breached = false): string {
  const left = Date.parse(dueAt) - now;
  if (Number.isNaN(left)) return "";
  const late = breached || left < 0;
  return fill(late ? labels.late_by : labels.left, { t: spanWords(Math.abs(left), labels) });
}

/** A span by its largest unit: hours up to two days, then days. */
function spanWords(ms: number, labels: Labels): string {
  if (ms < MINUTE_MS) return labels.span_moment;
  if (ms < HOUR_MS) return fill(labels.span_minutes, { n: Math.floor(ms / MINUTE_MS) });
  if (ms < 2 * DAY_MS) return fill(labels.span_hours, { n: Math.floor(ms / HOUR_MS) });
  return fill(labels.span_days, { n: Math.floor(ms / DAY_MS) });
}

export type Tone = "late" | "near" | "calm";

/** Late, near (less than four hours), or neither. */
export function tone(dueAt: string, now: number, breached = false): Tone {
  const left = Date.parse(dueAt) - now;
  if (breached || left < 0) return "late";
  return left < 4 * HOUR_MS ? "near" : "calm";
}

export const COLUMNS = ["late", "today", "tomorrow", "week", "later"] as const;
export type Column = (typeof COLUMNS)[number];

/** By the clock that ends next, in the bank's own days; a week ends on Sunday. A case without a clock can wait. */
export function columnOf(ticket: Pick<Brief, "next">, now: number): Column {
  const { next } = ticket;
  if (!next) return "later";
  const due = Date.parse(next.due_at);
  if (next.breached || due < now) return "late";
  const [today, day] = [bankDay(now), bankDay(due)];
  if (day <= today) return "today";
  if (day === today + 1) return "tomorrow";
  const weekday = (today + 3) % 7; // Day 0 was a Thursday; Monday is 0 here.
  return day <= today + (6 - weekday) ? "week" : "later";
}

export function columns(tickets: readonly Brief[], now: number): Record<Column, Brief[]> {
  const all: Record<Column, Brief[]> = { late: [], today: [], tomorrow: [], week: [], later: [] };
  const due = (one: Brief) => (one.next ? Date.parse(one.next.due_at) : Number.POSITIVE_INFINITY);
  for (const one of [...tickets].sort((a, b) => due(a) - due(b) || 0)) all[columnOf(one, now)].push(one);
  return all;
}
