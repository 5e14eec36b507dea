/** What travels between the pages and the server. Missing fields may be absent or null; readers tolerate both. */

export type ActorKind = "customer" | "bot" | "agent" | "system";
export type EventKind = "message" | "state" | "notice" | "survey";
export type ConversationState =
  | "BOT"
  | "QUEUED"
  | "OFFERED"
  | "HUMAN"
  | "WRAP_UP"
  | "MESSAGE_LEFT"
  | "CLOSED";

export interface Choice {
  id: string;
  label: string;
}

export interface VersionedId {
  id: string;
  version?: string | number | null;
  title?: string | null;
}

export interface CaseRef {
  number: string;
  severity?: string | null;
  owner?: string | null;
  due?: string | null;
  state?: string | null;
}

/** What the customer sent that is no text; a newer server may know more kinds. */
export interface MediaRef {
  kind: "image" | "voice" | "video" | "file" | "location" | (string & {});
}

export interface WireEvent {
  seq: number;
  at: string;
  kind: EventKind;
  actor: { kind: ActorKind; name?: string | null };
  text?: string | null;
  choices?: Choice[] | null;
  script?: VersionedId | null;
  disclosures?: VersionedId[] | null;
  case?: CaseRef | null;
  media?: MediaRef | null;
  /** "text": it asks for words, which belong to it also when the conversation has ended. */
  input?: "text" | null;
  state?: ConversationState | null;
  holder?: string | null;
  /** The number of an earlier message that an agent takes back with this event. */
  recalls?: number | null;
}

export interface QueuePlace {
  place: number;
  eta_s?: number | null;
}

/** Everything about a conversation that is not an event. */
export interface Status {
  state: ConversationState;
  holder: string | null;
  epoch: number;
  last_seq: number;
  queue: QueuePlace | null;
  typing: boolean;
  agent: string | null;
}

export interface ChatPage {
  bank: { name: string; hotline: string; sample: boolean; sample_notice: string };
  assistant: { name: string; banner: string };
  privacy: { title: string; text: string };
  hours: string;
  max_chars: number;
  labels: Record<string, string>;
}

const EVENT_KINDS = new Set(["message", "state", "notice", "survey"]);
const ACTOR_KINDS = new Set(["customer", "bot", "agent", "system"]);

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asText(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}

/** An event the page can show, or null for what it does not understand (a newer server may say more). */
export function readEvent(value: unknown): WireEvent | null {
  if (!isRecord(value) || !Number.isInteger(value.seq) || !isRecord(value.actor)) return null;
  if (!EVENT_KINDS.has(asText(value.kind)) || !ACTOR_KINDS.has(asText(value.actor.kind))) return null;
  return value as unknown as WireEvent;
}

export function readEvents(value: unknown): WireEvent[] {
  if (!Array.isArray(value)) return [];
  return value.map(readEvent).filter((event): event is WireEvent => event !== null);
}

/** A status from a frame or a poll; what a poll leaves out keeps its former value. */
export function readStatus(value: unknown, former: Status | null): Status | null {
  if (!isRecord(value) || typeof value.state !== "string") return null;
  const queue =
    isRecord(value.queue) && typeof value.queue.place === "number"
      ? (value.queue as unknown as QueuePlace)
      : null;
  return {
    state: value.state as ConversationState,
    holder: typeof value.holder === "string" ? value.holder : null,
    epoch: typeof value.epoch === "number" ? value.epoch : (former?.epoch ?? 0),
    last_seq: typeof value.last_seq === "number" ? value.last_seq : (former?.last_seq ?? 0),
    queue,
    typing: value.typing === true,
    agent:
      typeof value.agent === "string"
        ? value.agent
        : value.agent === undefined && value.state === "HUMAN"
          ? (former?.agent ?? null)
          : null,
  };
}

/** The wording the server owns; the fallbacks keep a page usable when a field is missing. */
export function readChatPage(value: unknown): ChatPage {
  const page = isRecord(value) ? value : {};
  const bank = isRecord(page.bank) ? page.bank : {};
  const assistant = isRecord(page.assistant) ? page.assistant : {};
  const privacy = isRecord(page.privacy) ? page.privacy : {};
  const labels = isRecord(page.labels) ? page.labels : {};
  const max = page.max_chars;
  return {
    bank: {
      name: asText(bank.name),
      hotline: asText(bank.hotline),
      sample: bank.sample === true,
      sample_notice: asText(bank.sample_notice),
    },
    assistant: { name: asText(assistant.name), banner: asText(assistant.banner) },
    privacy: { title: asText(privacy.title), text: asText(privacy.text) },
    hours: asText(page.hours),
    max_chars: typeof max === "number" && max > 0 ? max : 1000,
    labels: Object.fromEntries(
      Object.entries(labels).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
    ),
  };
}
