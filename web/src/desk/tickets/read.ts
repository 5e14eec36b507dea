import { asList, asNumber, asRecord, asText, asTextOrNull, asTexts } from "../../shared/reading";
import { isRecord } from "../../shared/wire";
import type { Option } from "../model";
import { readOptions } from "../read";
import type {
  Alert,
  Axis,
  Brief,
  CaseFile,
  Choices,
  Clock,
  Earlier,
  Full,
  Linked,
  Moment,
  NextClock,
} from "./model";
import { readTasks } from "./read-tasks";

function readOption(value: unknown): Option | null {
  return readOptions([value])[0] ?? null;
}

function readNext(value: unknown): NextClock | null {
  if (!isRecord(value) || typeof value.due_at !== "string") return null;
  return {
    kind: asText(value.kind),
    label: asText(value.label),
    due_at: value.due_at,
    breached: value.breached === true,
  };
}

export function readBrief(value: unknown): Brief | null {
  if (!isRecord(value) || typeof value.number !== "string") return null;
  if (value.kind !== "complaint" && value.kind !== "callback") return null;
  const state = asText(value.state);
  return {
    number: value.number,
    kind: value.kind,
    severity: asText(value.severity),
    repeat: value.repeat === true,
    group: value.group === true,
    state,
    state_label: asText(value.state_label, state),
    owner: asText(value.owner),
    owner_user: readOption(value.owner_user),
    taken_by: asTextOrNull(value.taken_by),
    mine: value.mine === true,
    may_work: value.may_work === true,
    channel: asText(value.channel),
    channel_label: asText(value.channel_label, asText(value.channel)),
    facts: asText(value.facts),
    title: asText(value.title, asText(value.facts)),
    reason: asTextOrNull(value.reason),
    conversation_id: asTextOrNull(value.conversation_id),
    opened_at: asText(value.opened_at),
    due: asText(value.due),
    first_response_due: asText(value.first_response_due),
    provisional: value.provisional === true,
    overdue: value.overdue === true,
    paused: value.paused === true,
    next: readNext(value.next),
  };
}

export function readBriefs(value: unknown): { tickets: Brief[]; next: string | null } {
  if (!isRecord(value) || !Array.isArray(value.tickets)) throw new Error("the server sent no list of cases");
  return { tickets: asList(value.tickets, readBrief), next: asTextOrNull(value.next) };
}

function readClock(value: unknown): Clock | null {
  if (!isRecord(value) || typeof value.due_at !== "string") return null;
  const state = value.state === "done" || value.state === "void" ? value.state : "open";
  return {
    id: asNumber(value.id),
    kind: asText(value.kind),
    label: asText(value.label, asText(value.kind)),
    starts_at: asText(value.starts_at),
    opens_at: asTextOrNull(value.opens_at),
    due_at: value.due_at,
    done_at: asTextOrNull(value.done_at),
    breached: value.breached === true,
    state,
    percent: Math.max(0, asNumber(value.percent)),
    pausable: value.pausable === true,
    provisional: value.provisional === true,
  };
}

function readMoment(value: unknown): Moment | null {
  if (!isRecord(value)) return null;
  const action = asText(value.action);
  return {
    at: asText(value.at),
    actor: asText(value.actor),
    action,
    label: asText(value.label, action),
    text: asText(value.text),
  };
}

function readFile(value: unknown): CaseFile | null {
  if (!isRecord(value) || typeof value.id !== "number") return null;
  return {
    id: value.id,
    name: asText(value.name, String(value.id)),
    type: asText(value.type),
    size: asNumber(value.size),
    at: asText(value.at),
    by: asText(value.by),
  };
}

function readLinked(value: unknown): Linked | null {
  if (!isRecord(value) || typeof value.conversation_id !== "string") return null;
  return {
    conversation_id: value.conversation_id,
    channel_label: asText(value.channel_label),
    at: asText(value.at),
    why: asText(value.why),
  };
}

export function readFull(value: unknown): Full {
  const brief = readBrief(value);
  if (!brief || !isRecord(value)) throw new Error("the server sent no case");
  const fields = asRecord(value.fields);
  const result = isRecord(value.result) ? value.result : null;
  const word = (name: string) => asText(fields[name]);
  return {
    ...brief,
    version: asNumber(value.version),
    round: asNumber(value.round, 1),
    received_at: asText(value.received_at),
    updated_at: asText(value.updated_at),
    cap_days: typeof value.cap_days === "number" ? value.cap_days : null,
    contact: asText(value.contact),
    fields: {
      request: word("request"),
      basis: word("basis"),
      product: word("product"),
      amount: word("amount"),
      branch: word("branch"),
      on_behalf: word("on_behalf"),
      representatives: asTexts(fields.representatives),
      customer_type: word("customer_type"),
      prefers: word("prefers"),
    },
    classes: Object.fromEntries(
      Object.entries(asRecord(value.classes)).filter(
        (pair): pair is [string, string] => typeof pair[1] === "string",
      ),
    ),
    proposed_classes: value.proposed_classes === true,
    root_cause: asText(value.root_cause),
    accused: readOptions(value.accused),
    pause: isRecord(value.pause)
      ? { since: asText(value.pause.since), reason: asText(value.pause.reason) }
      : null,
    proposal: isRecord(value.proposal)
      ? {
          text: asText(value.proposal.text),
          at: asText(value.proposal.at),
          agreed: typeof value.proposal.agreed === "boolean" ? value.proposal.agreed : null,
        }
      : null,
    result: result && {
      basics: asText(result.basics),
      handling: asText(result.handling),
      satisfaction: asText(result.satisfaction),
      improvement: asText(result.improvement),
      reasons: asText(result.reasons),
    },
    clocks: asList(value.clocks, readClock),
    tasks: readTasks({ tasks: value.tasks }),
    timeline: asList(value.timeline, readMoment),
    files: asList(value.files, readFile),
    linked: asList(value.linked, readLinked),
    repeat_of: asTextOrNull(value.repeat_of),
    earlier: asList(value.earlier, readEarlier),
    allowed: asTexts(value.allowed),
  };
}

function readEarlier(value: unknown): Earlier | null {
  const one = asRecord(value);
  const number = asText(one.number);
  return number
    ? {
        number,
        title: asText(one.title),
        opened_at: asText(one.opened_at),
        state_label: asText(one.state_label),
      }
    : null;
}

function readAxis(value: unknown): Axis | null {
  const option = readOption(value);
  return option && { ...option, values: readOptions(asRecord(value).values) };
}

export function readChoices(value: unknown): Choices {
  const all = asRecord(value);
  const files = asRecord(all.files);
  return {
    severities: asTexts(all.severities),
    states: readOptions(all.states),
    channels: readOptions(all.channels),
    axes: asList(all.axes, readAxis),
    departments: asTexts(all.departments),
    staff: readOptions(all.staff),
    products: readOptions(all.products),
    files: { types: asTexts(files.types), max_bytes: asNumber(files.max_bytes, Number.POSITIVE_INFINITY) },
  };
}

export function readAlerts(value: unknown): Alert[] {
  return asList(asRecord(value).alerts, (one) => {
    if (!isRecord(one) || typeof one.id !== "number") return null;
    return {
      id: one.id,
      at: asText(one.at),
      number: asTextOrNull(one.number),
      kind: asText(one.kind),
      level: typeof one.level === "number" ? one.level : null,
      text: asText(one.text),
    };
  });
}
