import type { CaseRef, ConversationState, VersionedId, WireEvent } from "../shared/wire";

export type Presence = "ready" | "busy" | "away" | "offline";
export const PRESENCES: readonly Presence[] = ["ready", "busy", "away", "offline"];

export interface User {
  username: string;
  name: string;
  roles: string[];
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
  unread?: number;
  holder?: string | null;
  channel_state?: ChannelState | null;
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
  offers: Offer[];
  mine: Item[];
  incidents?: Incident[];
}

export interface Package {
  reason?: Reason | null;
  summary?: string | null;
  topic?: string | null;
  attempts?: { asked: string; answered: string }[];
  misunderstandings?: number;
  entities?: { entity: string; value: string }[];
  warnings?: VersionedId[];
  cases?: CaseRef[];
  channel?: string;
  large_type?: boolean;
  former?: unknown[];
  /** Where the customer came from: page, branch (by its name), campaign. A newer server may know more. */
  context?: Record<string, unknown> | null;
}

export interface Deadline {
  name: string;
  label: string;
  due_at: string;
  breached: boolean;
}

export interface Snapshot {
  package: Package;
  events: WireEvent[];
  state: ConversationState;
  holder: string | null;
  epoch: number;
  deadlines: Deadline[];
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
}

export interface CloseForm {
  result: "solved" | "unsolved" | "follow_up";
  category: string;
  note: string;
}
