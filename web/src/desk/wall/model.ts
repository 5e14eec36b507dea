import { asList, asNumber, asRecord, asText, asTextOrNull, asTexts } from "../../shared/reading";
import { type Clock, readClocks } from "../clocks";
import { type Mood, type Option, PRESENCES, type Presence, type Reason } from "../model";
import { readOptions } from "../read";
import { readMood } from "../read-package";

/** A group of the desk: who waits for it, and who can take him. */
export interface Group {
  id: string;
  label: string;
  waiting: number;
  serving: number;
  since: string | null;
  ready: number;
  /** How many more customers those who are ready can take. */
  free: number;
}

/** A customer who waits or is served. */
export interface Row {
  conversation_id: string;
  queue: string;
  reason: Reason | null;
  topic: string | null;
  severity_flag: boolean;
  alarm: boolean;
  mood: Mood;
  waiting_since: string | null;
  place: number | null;
  clocks: Clock[];
  agent: Option | null;
}

export interface Agent {
  id: string;
  label: string;
  presence: Presence;
  senior: boolean;
  skills: Option[];
  limit: number;
  load: number;
  idle_since: string | null;
}

/** A clock that ran out. */
export interface Breach {
  at: string;
  name: string;
  label: string;
  conversation_id: string;
  agent: Option | null;
  reason: Reason | null;
}

/** The whole desk as it stands now. */
export interface Live {
  queues: Group[];
  /** Of all who wait or are served, also where the lists leave some out. */
  upset: number;
  tense: number;
  longest_since: string | null;
  waiting_total: number;
  waiting: Row[];
  serving_total: number;
  serving: Row[];
  agents: Agent[];
  breaches_total: number;
  breaches: Breach[];
}

export function readLive(value: unknown): Live {
  const all = asRecord(value);
  return {
    queues: asList(all.queues, readGroup),
    upset: asNumber(all.upset),
    tense: asNumber(all.tense),
    longest_since: asTextOrNull(all.longest_since),
    waiting_total: asNumber(all.waiting_total),
    waiting: asList(all.waiting, readRow),
    serving_total: asNumber(all.serving_total),
    serving: asList(all.serving, readRow),
    agents: asList(all.agents, readAgent),
    breaches_total: asNumber(all.breaches_total),
    breaches: asList(all.breaches, readBreach),
  };
}

function readGroup(value: unknown): Group | null {
  const one = asRecord(value);
  const named = readNamed(value);
  if (!named) return null;
  return {
    ...named,
    waiting: asNumber(one.waiting),
    serving: asNumber(one.serving),
    since: asTextOrNull(one.since),
    ready: asNumber(one.ready),
    free: asNumber(one.free),
  };
}

function readRow(value: unknown): Row | null {
  const one = asRecord(value);
  const id = asText(one.conversation_id);
  if (!id) return null;
  return {
    conversation_id: id,
    queue: asText(one.queue),
    reason: readReason(one.reason),
    topic: asTextOrNull(one.topic),
    severity_flag: one.severity_flag === true,
    alarm: one.alarm === true,
    mood: readMood(one.mood),
    waiting_since: asTextOrNull(one.waiting_since),
    place: asNumberOrNull(one.place),
    clocks: readClocks(one.clocks) ?? [],
    agent: readNamed(one.agent),
  };
}

function readAgent(value: unknown): Agent | null {
  const one = asRecord(value);
  const named = readNamed(value);
  if (!named) return null;
  return {
    ...named,
    presence: PRESENCES.find((known) => known === one.presence) ?? "offline",
    senior: one.senior === true,
    skills: readOptions(one.skills),
    limit: asNumber(one.limit),
    load: asNumber(one.load),
    idle_since: asTextOrNull(one.idle_since),
  };
}

function readBreach(value: unknown): Breach | null {
  const one = asRecord(value);
  const id = asText(one.conversation_id);
  if (!id) return null;
  return {
    at: asText(one.at),
    name: asText(one.name),
    label: asText(one.label, asText(one.name)),
    conversation_id: id,
    agent: readNamed(one.agent),
    reason: readReason(one.reason),
  };
}

/** One entry of a customer into the queue. */
export interface Entry {
  conversation_id: string;
  entered_at: string;
  queue: string;
  reason: Reason | null;
  agent: Option | null;
  waited_s: number | null;
  first_answer_s: number | null;
  handling_s: number | null;
  /** How it ended; null while it has not. */
  how: string | null;
  result: string;
  mood: Mood;
  breaches: string[];
}

export interface Entries {
  entries: Entry[];
  total: number | null;
  /** What leads to the next page. */
  next: string | null;
}

/** A customer may have entered more than once on a day. */
export function keyOf({ conversation_id, entered_at }: Entry): string {
  return `${conversation_id} ${entered_at}`;
}

export function readEntries(value: unknown): Entries {
  const page = asRecord(value);
  const entries = asList(page.entries, readEntry);
  return { entries, total: asNumberOrNull(page.total), next: asTextOrNull(page.next) };
}

function readEntry(value: unknown): Entry | null {
  const one = asRecord(value);
  const id = asText(one.conversation_id);
  if (!id) return null;
  return {
    conversation_id: id,
    entered_at: asText(one.entered_at),
    queue: asText(one.queue),
    reason: readReason(one.reason),
    agent: readNamed(one.agent),
    waited_s: asNumberOrNull(one.waited_s),
    first_answer_s: asNumberOrNull(one.first_answer_s),
    handling_s: asNumberOrNull(one.handling_s),
    how: asTextOrNull(one.how),
    result: asText(one.result),
    mood: readMood(one.mood),
    breaches: asTexts(one.breaches),
  };
}

export function readNamed(value: unknown): Option | null {
  const one = asRecord(value);
  const id = asText(one.id);
  return id ? { id, label: asText(one.label, id) } : null;
}

export function asNumberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function readReason(value: unknown): Reason | null {
  const one = asRecord(value);
  const code = asText(one.code);
  return code ? { code, text: asText(one.text, code) } : null;
}
