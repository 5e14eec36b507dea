import type { Option } from "../model";

export type CaseKind = "complaint" | "callback";

/** The clock of a case that ends next. */
export interface NextClock {
  kind: string;
  label: string;
  due_at: string;
  breached: boolean;
}

/** One row of a list. */
export interface Brief {
  number: string;
  kind: CaseKind;
  severity: string;
  repeat: boolean;
  group: boolean;
  state: string;
  state_label: string;
  owner: string;
  owner_user: Option | null;
  taken_by: string | null;
  mine: boolean;
  may_work: boolean;
  channel: string;
  channel_label: string;
  facts: string;
  title: string;
  reason: string | null;
  conversation_id: string | null;
  opened_at: string;
  due: string;
  first_response_due: string;
  provisional: boolean;
  overdue: boolean;
  paused: boolean;
  next: NextClock | null;
}

export interface Clock {
  id: number;
  kind: string;
  label: string;
  starts_at: string;
  opens_at: string | null;
  due_at: string;
  done_at: string | null;
  breached: boolean;
  state: "open" | "done" | "void";
  /** Of the time that has passed; above 100 when it is late. */
  percent: number;
  pausable: boolean;
  provisional: boolean;
}

export interface Task {
  id: number;
  kind: string;
  label: string;
  /** Of a text that a person is to tell the customer: which one. */
  what: Option | null;
  number: string | null;
  conversation_id: string | null;
  text: string;
  script: string;
  opens_at: string | null;
  due_at: string;
  overdue: boolean;
  open: boolean;
  person: Option | null;
  role: string;
  title: string;
  done_at: string | null;
  answers: Record<string, unknown> | null;
}

export interface Moment {
  at: string;
  actor: string;
  action: string;
  label: string;
  text: string;
}

export interface CaseFile {
  id: number;
  name: string;
  type: string;
  size: number;
  at: string;
  by: string;
}

export interface Linked {
  conversation_id: string;
  channel_label: string;
  at: string;
  why: string;
}

/** What the customer wants and about what; all of it words, without personal data. */
export interface CaseFields {
  request: string;
  basis: string;
  product: string;
  amount: string;
  branch: string;
  on_behalf: string;
  representatives: string[];
  customer_type: string;
  prefers: string;
}

export interface Proposal {
  text: string;
  at: string;
  agreed: boolean | null;
}

export interface Result {
  basics: string;
  handling: string;
  satisfaction: string;
  improvement: string;
  reasons: string;
}

/** All about one case. */
export interface Full extends Brief {
  version: number;
  round: number;
  received_at: string;
  updated_at: string;
  cap_days: number | null;
  contact: string;
  fields: CaseFields;
  classes: Record<string, string>;
  proposed_classes: boolean;
  root_cause: string;
  accused: Option[];
  pause: { since: string; reason: string } | null;
  proposal: Proposal | null;
  result: Result | null;
  clocks: Clock[];
  tasks: Task[];
  timeline: Moment[];
  files: CaseFile[];
  linked: Linked[];
  repeat_of: string | null;
  /** The customer's complaints of before, newest first. */
  earlier: Earlier[];
  allowed: string[];
}

export interface Earlier {
  number: string;
  /** Empty for who may not see that case. */
  title: string;
  opened_at: string;
  state_label: string;
}

export interface Axis extends Option {
  values: Option[];
}

/** What may be chosen in filters and forms. */
export interface Choices {
  severities: string[];
  states: Option[];
  channels: Option[];
  axes: Axis[];
  departments: string[];
  staff: Option[];
  products: Option[];
  files: { types: string[]; max_bytes: number };
}

export interface Alert {
  id: number;
  at: string;
  number: string | null;
  kind: string;
  level: number | null;
  text: string;
}

/** A complaint that an officer writes down; also what a conversation fills in. */
export interface Intake extends CaseFields {
  conversation_id?: string;
  channel?: string;
  received_at?: string;
  name: string;
  contact: string;
  facts: string;
  severity?: string;
}

export interface Opened {
  number: string;
  /** The matter was known already: this became part of that case, for the reason `why`. */
  joined: boolean;
  why: string;
  ticket: Full | null;
}
