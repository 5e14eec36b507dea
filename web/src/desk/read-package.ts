import { asList, asRecord, asText } from "../shared/reading";
import { isRecord, readEvents } from "../shared/wire";
import {
  type Former,
  type FormerTalk,
  IDENTITY_LEVELS,
  type Identity,
  type LeftNote,
  MOODS,
  type Mood,
  NOTE_KINDS,
  type Package,
  type Signals,
} from "./model";

/** The handover package; of what an older server does not send there is nothing. */
export function readPackage(value: unknown): Package {
  const pack = asRecord(value);
  return {
    ...(pack as Partial<Package>),
    identity: readIdentity(pack.identity),
    signals: readSignals(pack.signals),
    notes: asList(pack.notes, readNote),
    history: asList(pack.history, readFormer),
  };
}

export function readFormerTalk(value: unknown): FormerTalk {
  const former = readFormer(value);
  if (!former || !isRecord(value)) throw new Error("the server sent no conversation");
  return { ...former, notes: asList(value.notes, readNote), events: readEvents(value.events) };
}

/** A level that this page does not know counts as none. The contact's token stays out of the page. */
function readIdentity(value: unknown): Identity | null {
  if (!isRecord(value)) return null;
  return {
    level: IDENTITY_LEVELS.find((one) => one === value.level) ?? "none",
    contact: asText(value.contact) !== "",
    case: asText(value.case),
  };
}

function readSignals(value: unknown): Signals {
  const { mood, careful, flags } = asRecord(value);
  return { mood: readMood(mood), careful: careful === true, flags: asList(flags, readFlag) };
}

/** A mood that this page does not know is a calm one: it colours nothing. */
export function readMood(value: unknown): Mood {
  return MOODS.find((known) => known === value) ?? "calm";
}

function readFlag(value: unknown): Signals["flags"][number] | null {
  if (!isRecord(value) || typeof value.id !== "string") return null;
  return { id: value.id, text: asText(value.text) || value.id };
}

function readNote(value: unknown): LeftNote | null {
  const note = asRecord(value);
  const kind = NOTE_KINDS.find((one) => one === note.kind);
  if (!kind) return null;
  const by = asRecord(note.by);
  return {
    kind,
    at: asText(note.at),
    by: asText(by.name) || asText(by.username),
    to: asText(note.to),
    text: asText(note.text),
    result: asText(note.result),
    category: asText(note.category),
  };
}

function readFormer(value: unknown): Former | null {
  if (!isRecord(value) || typeof value.id !== "string") return null;
  return {
    id: value.id,
    at: asText(value.at),
    channel: asText(value.channel),
    state: asText(value.state),
    topic: asText(value.topic),
    reason: asText(value.reason),
    result: asText(value.result),
    category: asText(value.category),
  };
}
