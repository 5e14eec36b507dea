import { asList, asRecord, asText, asTextOrNull, asTexts } from "../../shared/reading";
import { isRecord } from "../../shared/wire";
import { readOptions } from "../read";
import type { Intake, Opened, Task } from "./model";
import { readFull } from "./read";

export function readTasks(value: unknown): Task[] {
  return asList(asRecord(value).tasks, (one) => {
    if (!isRecord(one) || typeof one.id !== "number") return null;
    const kind = asText(one.kind);
    return {
      id: one.id,
      kind,
      label: asText(one.label, kind),
      what: readOptions([one.what])[0] ?? null,
      number: asTextOrNull(one.number),
      conversation_id: asTextOrNull(one.conversation_id),
      text: asText(one.text),
      script: asText(one.script),
      opens_at: asTextOrNull(one.opens_at),
      due_at: asText(one.due_at),
      overdue: one.overdue === true,
      open: one.open !== false && one.done_at == null,
      person: readOptions([one.person])[0] ?? null,
      role: asText(one.role),
      title: asText(one.title),
      done_at: asTextOrNull(one.done_at),
      answers: isRecord(one.answers) ? one.answers : null,
    };
  });
}

/** What a conversation fills into the form of a new case; what it does not know is empty. */
export function readPrefill(value: unknown): Intake {
  const all = asRecord(value);
  const word = (name: string) => asText(all[name]);
  return {
    name: word("name"),
    contact: word("contact"),
    facts: word("facts"),
    request: word("request"),
    basis: word("basis"),
    product: word("product"),
    amount: word("amount"),
    branch: word("branch"),
    on_behalf: word("on_behalf"),
    representatives: asTexts(all.representatives),
    customer_type: word("customer_type"),
    prefers: word("prefers"),
    severity: word("severity"),
    received_at: word("received_at"),
  };
}

export function readOpened(value: unknown): Opened {
  if (!isRecord(value) || typeof value.number !== "string") throw new Error("the server opened no case");
  return {
    number: value.number,
    joined: value.joined === true,
    why: asText(value.why),
    ticket: isRecord(value.ticket) ? readFull(value.ticket) : null,
  };
}
