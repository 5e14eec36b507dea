import { asList, asNumber, asRecord, asText } from "../../shared/reading";
import { isRecord } from "../../shared/wire";
import { MOODS, type Mood, type Option } from "../model";
import { asNumberOrNull, readNamed } from "./model";

export interface Hour {
  hour: number;
  started: number;
  entered: number;
  /** How many came for each reason, by its code. */
  reasons: Record<string, number>;
  /** Null where they were not measured on that day. */
  moods: Record<Mood, number> | null;
}

export interface Counted extends Option {
  count: number;
}

export interface Totals {
  started: number;
  entered: number;
  served: number;
  left: number;
  breached: number;
  /** Medians; null where there was nobody. */
  waited_s: number | null;
  first_answer_s: number | null;
  handling_s: number | null;
  /** Which share of first answers came in time, 0 to 1. */
  in_time: number | null;
}

export interface Served extends Option {
  served: number;
  first_answer_s: number | null;
  breached: number;
}

/** A day of the desk in figures. */
export interface Day {
  day: string;
  /** Those that have come. */
  hours: Hour[];
  reasons: Counted[];
  totals: Totals;
  agents: Served[];
}

export function readDay(value: unknown): Day {
  const all = asRecord(value);
  return {
    day: asText(all.day),
    hours: asList(all.hours, readHour),
    reasons: asList(all.reasons, readCounted),
    totals: readTotals(all.totals),
    agents: asList(all.agents, readServed),
  };
}

function readHour(value: unknown): Hour | null {
  const one = asRecord(value);
  return typeof one.hour === "number" ? countedHour(one.hour, one) : null;
}

function countedHour(hour: number, one: Record<string, unknown>): Hour {
  return {
    hour,
    started: asNumber(one.started),
    entered: asNumber(one.entered),
    reasons: Object.fromEntries(
      Object.entries(asRecord(one.reasons)).map(([code, count]) => [code, asNumber(count)]),
    ),
    moods: isRecord(one.moods) ? countedMoods(one.moods) : null,
  };
}

function countedMoods(moods: Record<string, unknown>): Record<Mood, number> {
  return Object.fromEntries(MOODS.map((mood) => [mood, asNumber(moods[mood])])) as Record<Mood, number>;
}

/** Without an id it is those who came for no reason that is known. */
function readCounted(value: unknown): Counted | null {
  const one = asRecord(value);
  const id = asText(one.id);
  return { id, label: asText(one.label) || id, count: asNumber(one.count) };
}

function readTotals(value: unknown): Totals {
  const one = asRecord(value);
  return {
    started: asNumber(one.started),
    entered: asNumber(one.entered),
    served: asNumber(one.served),
    left: asNumber(one.left),
    breached: asNumber(one.breached),
    waited_s: asNumberOrNull(one.waited_s),
    first_answer_s: asNumberOrNull(one.first_answer_s),
    handling_s: asNumberOrNull(one.handling_s),
    in_time: asNumberOrNull(one.in_time),
  };
}

function readServed(value: unknown): Served | null {
  const one = asRecord(value);
  const named = readNamed(value);
  if (!named) return null;
  return {
    ...named,
    served: asNumber(one.served),
    first_answer_s: asNumberOrNull(one.first_answer_s),
    breached: asNumber(one.breached),
  };
}
