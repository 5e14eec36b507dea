import type { CaseRef, ConversationState, VersionedId, WireEvent } from "../shared/wire";
import type { Clock } from "./clocks";
import type { Named } from "./tabs/named";
import type { Marks } from "./tools/model";

export type Presence = "ready" | "busy" | "away" | "offline";
export const PRESENCES: readonly Presence[] = ["ready", "busy", "away", "offline"];

export const MOODS = ["calm", "tense", "strong"] as const;
/** How a customer feels, by his own words. */
export type Mood = (typeof MOODS)[number];

export interface User {
  username: string;
  name: string;
  /** What he may do, as the server says. */
  rights: string[];
}

export interface SignedIn {
  csrf_token: string;
  user: User;
}

export interface Option {
  id: string;
  label: string;
}

export interface DeskPage {
  bank: string;
  categories: Option[];
  transfer_queues: Option[];
  /** So many seconds an agent may take back what he has said. */
  recall_s: number;
  /** After so many seconds without a word the customer counts as silent; 0 from a server that does not say. */
  quiet_s: number;
}

export interface Reason {
  code: string;
  text: string;
}

export const DELIVERIES = ["pending", "sent", "ambiguous", "held", "failed", "dropped"] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** How far the customer can be reached now. A channel that is always there, such as the web, has but a name. */
export interface ChannelState {
  name: string;
  /** Null where the channel knows no window. */
  subscribed: boolean | null;
  /** Until when messages may be sent; null where none may. */
  window_until: string | null;
  /** How many messages may still be sent before the customer writes again. */
  left: number | null;
  /** How many messages wait for the customer's next one. */
  held: number;
  /** What became of the events said to the customer, by their number; null where the list leaves it out. */
  deliveries: Record<string, Delivery> | null;
}

export interface Item {
  conversation_id: string;
  channel: string;
  state: ConversationState;
  epoch: number;
  reason?: Reason | null;
  topic?: string | null;
  severity_flag?: boolean;
  /** Waits too long: a supervisor is told (004-86). */
  alarm?: boolean;
  typing?: boolean;
  waiting_since?: string | null;
  place?: number | null;
  last_text?: string | null;
  last_at?: string | null;
  last_seq: number;
  /** Since when he has not answered who serves him. */
  quiet_since?: string | null;
  mood?: Mood;
  unread?: number;
  holder?: string | null;
  channel_state?: ChannelState | null;
  /** Null from a server that tells them of the open conversation only. */
  clocks?: Clock[] | null;
}

export interface Offer extends Item {
  expires_at?: string | null;
}

/** A script, a topic or the whole assistant is stopped (`qiantai stop`). */
export interface Incident {
  id: number;
  kind: "script" | "topic" | "bot";
  /** The script's or topic's id; empty for the assistant. */
  subject: string;
  why: string;
  since: string;
  until: string | null;
}

/** The whole desk as the server sees it. */
export interface DeskView {
  now: string;
  presence: Presence;
  limit: number;
  queue: Item[];
  /** How many wait in all, where the list leaves some out. */
  queue_total?: number;
  offers: Offer[];
  mine: Item[];
  incidents?: Incident[];
  /** Of what one must hear of: another pair, something new. */
  alerts?: { count?: number; latest?: number };
}

export const IDENTITY_LEVELS = ["bound", "proven", "contact", "none"] as const;

/** How sure the bank is of who the customer is. */
export interface Identity {
  level: (typeof IDENTITY_LEVELS)[number];
  /** He has left a number or an address. */
  contact: boolean;
  /** The number of the case whose contact he has named. */
  case: string;
}

export const NOTE_KINDS = ["transfer", "decline", "lost", "close"] as const;

/** What a colleague has left with the conversation when it went on. */
export interface LeftNote {
  kind: (typeof NOTE_KINDS)[number];
  at: string;
  /** What the colleague is called. */
  by: string;
  /** To whom it was transferred, as `DeskPage.transfer_queues` names them; "" for anybody. */
  to: string;
  text: string;
  result: string;
  category: string;
}

/** An earlier conversation of the same customer; what nobody has entered is "". */
export interface Former {
  id: string;
  at: string;
  channel: string;
  state: string;
  topic: string;
  reason: string;
  result: string;
  category: string;
}

export interface FormerTalk extends Former {
  notes: LeftNote[];
  events: WireEvent[];
}

/** What the customer's own words tell besides the question. */
export interface Signals {
  mood: Mood;
  careful: boolean;
  /** What the customer must not learn of; the server sends it to those who may read all. */
  flags: { id: string; text: string }[];
}

export interface Package {
  reason?: Reason | null;
  summary?: string | null;
  topic?: string | null;
  attempts?: { asked: string; answered: string }[];
  misunderstandings?: number;
  entities?: Named[];
  warnings?: VersionedId[];
  cases?: CaseRef[];
  channel?: string;
  large_type?: boolean;
  marks?: Marks;
  /** Null from a server that does not say. */
  identity: Identity | null;
  signals: Signals;
  /** Oldest first. */
  notes: LeftNote[];
  /** Newest first. */
  history: Former[];
  /** Where the customer came from: page, branch (by its name), campaign. A newer server may know more. */
  context?: Record<string, unknown> | null;
}

export interface Snapshot {
  package: Package;
  events: WireEvent[];
  state: ConversationState;
  holder: string | null;
  epoch: number;
  clocks: Clock[];
  channel_state?: ChannelState | null;
}

export interface Script {
  id: string;
  version: string | number;
  title: string;
  text: string;
  disclosures: VersionedId[];
}

/** What the guard said of a reply that was not sent. */
export interface Verdict {
  text: string;
  detail: string;
  reasons: string[];
  completed: string | null;
  /** Only doubted: whoever wrote it may send it after a second look. */
  confirmable: boolean;
}

/** How a reply goes out in spite of the guard: a supervisor's reason, or the second look that was asked for. */
export interface Sending {
  override?: string;
  confirmed?: boolean;
}

/** A callback or a complaint that is still to be done. */
export interface Ticket {
  number: string;
  kind: "callback" | "complaint";
  severity: string;
  repeat: boolean;
  state: string;
  owner: string;
  due: string;
  first_response_due: string;
  provisional: boolean;
  conversation_id: string;
  overdue: boolean;
  /** What it is about, in the customer's words, without personal data. */
  facts: string;
  reason: string | null;
  taken_by: string | null;
  mine: boolean;
  may_work: boolean;
  /** The clock that ends next, where the server says which. */
  next?: { label: string; due_at: string; breached: boolean } | null;
}

export interface CloseForm {
  result: "solved" | "unsolved" | "follow_up";
  category: string;
  note: string;
  /** What is still to be done for the customer, and until when: it becomes a task. */
  follow_up?: { text: string; due_at: string };
}
