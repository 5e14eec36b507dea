import { dueTime, fromBox } from "../../shared/times";
import type { Labels } from "../labels.zh";
import type { Option } from "../model";
import { correctFields } from "./correct";
import { type Field, LIMITS, type Spec, type Values } from "./form";
import type { Choices, Earlier, Full } from "./model";

/** The acts of the page in the order of a case's life. The server's `allowed` says which are shown. */
export const ACTS = [
  "take",
  "accept",
  "investigate",
  "respond",
  "propose",
  "agreed",
  "resolve",
  "told",
  "report",
  "close",
  "done",
  "assign",
  "note",
  "promise",
  "subtask",
  "severity",
  "classify",
  "correct",
  "repeat",
  "accused",
  "pause",
  "resume",
  "extend",
  "quality",
  "withdraw",
  "appeal",
] as const;
export type Act = (typeof ACTS)[number];

/** Acts that need no words: one click does them. */
const AT_ONCE: readonly Act[] = ["take", "accept", "resume"];

export function actsOf(allowed: readonly string[]): Act[] {
  return ACTS.filter((one) => allowed.includes(one));
}

export function isAtOnce(act: Act): boolean {
  return AT_ONCE.includes(act);
}

export function isAct(name: string): name is Act {
  return (ACTS as readonly string[]).includes(name);
}

const LONG = { kind: "text", rows: 3, max: LIMITS.words } as const;

/** The form of an act, as the case stands now. */
export function actSpec(act: Act, ticket: Full, choices: Choices, labels: Labels): Spec {
  const note = (required = false): Field => ({ ...LONG, name: "note", label: labels.f_note, required });
  const reason: Field = { ...LONG, name: "reason", label: labels.f_reason, required: true };
  const text = (label: string): Field => ({ ...LONG, name: "text", label, required: true });
  const due: Field = { name: "due_at", label: labels.f_due_at, kind: "time", required: true };
  const department: Field = {
    name: "department",
    label: labels.f_department,
    kind: "select",
    options: choices.departments.map((one) => ({ id: one, label: one })),
  };
  const person: Field = { name: "to", label: labels.f_to, kind: "select", options: choices.staff };
  const rootCause: Field = {
    name: "root_cause",
    label: labels.f_root_cause,
    kind: "line",
    max: LIMITS.words,
    initial: ticket.root_cause,
  };
  const noAgreement: Field = {
    ...LONG,
    name: "no_agreement",
    label: labels.f_no_agreement,
    hint: labels.f_no_agreement_hint,
    required: true,
    rows: 2,
  };
  const fields: Record<Act, () => readonly Field[]> = {
    take: () => [],
    accept: () => [],
    resume: () => [],
    assign: () => [person, department, note()],
    investigate: () => [note()],
    respond: () => [
      { ...LONG, name: "analysis", label: labels.f_analysis, required: true },
      { ...LONG, name: "solution", label: labels.f_solution },
    ],
    propose: () => [text(labels.f_proposal)],
    agreed: () => [
      {
        name: "agreed",
        label: labels.f_agreed,
        kind: "radio",
        required: true,
        options: [
          { id: "yes", label: labels.agreed_yes },
          { id: "no", label: labels.agreed_no },
        ],
      },
      note(),
    ],
    resolve: () => [
      { ...LONG, name: "basics", label: labels.f_basics, required: true },
      { ...LONG, name: "handling", label: labels.f_handling, required: true },
      { ...LONG, name: "reasons", label: labels.f_reasons, required: true },
      { ...LONG, name: "satisfaction", label: labels.f_satisfaction_words, rows: 2 },
      { ...LONG, name: "improvement", label: labels.f_improvement, rows: 2 },
      rootCause,
      ...(ticket.proposal?.agreed === true ? [] : [noAgreement]),
    ],
    told: () => [
      {
        name: "how",
        label: labels.f_how,
        kind: "radio",
        required: true,
        options: ["phone", "letter", "counter", "mail"].map((id) => ({
          id,
          label: labels[`by_${id}` as keyof Labels],
        })),
      },
      note(),
    ],
    report: () => [],
    close: () => [note()],
    done: () => [{ ...note(true), label: labels.todo_note, hint: labels.todo_note_hint }],
    note: () => [text(labels.f_text)],
    promise: () => [text(labels.f_promise), due],
    subtask: () => [{ ...department, required: true }, text(labels.f_subtask), due, person],
    severity: () => [
      {
        name: "severity",
        label: labels.f_severity,
        kind: "select",
        required: true,
        options: choices.severities.map((one) => ({ id: one, label: one })),
        initial: ticket.severity,
      },
      reason,
    ],
    classify: () => [
      ...choices.axes.map(
        (axis): Field => ({
          name: `class:${axis.id}`,
          label: axis.label,
          kind: "select",
          options: axis.values,
          initial: valueIn(axis.values, ticket.classes[axis.id]),
        }),
      ),
      {
        name: "group",
        label: labels.f_group,
        kind: "radio",
        initial: ticket.group ? "yes" : "no",
        options: [
          { id: "no", label: labels.group_no },
          { id: "yes", label: labels.group_yes },
        ],
      },
      rootCause,
      reason,
    ],
    correct: () => [...correctFields(ticket, choices, labels), { ...reason, hint: labels.f_correct_hint }],
    repeat: () => [
      {
        name: "of",
        label: labels.f_repeat_of,
        kind: "select",
        options: [
          { id: "", label: labels.repeat_none },
          ...ticket.earlier.map((one) => ({ id: one.number, label: earlierWords(one) })),
        ],
        initial: ticket.repeat_of ?? "",
      },
      reason,
    ],
    accused: () => [
      {
        name: "usernames",
        label: labels.f_accused,
        kind: "checks",
        options: choices.staff,
        initial: ticket.accused.map((one) => one.id).join("\n"),
      },
      reason,
    ],
    pause: () => [reason],
    extend: () => [
      {
        name: "days",
        label: labels.f_days,
        kind: "radio",
        required: true,
        options: longer(ticket.cap_days).map((id) => ({ id, label: labels[`days_${id}` as keyof Labels] })),
      },
      reason,
    ],
    quality: () => [note()],
    withdraw: () => [reason],
    appeal: () => [reason],
  };
  const hint = `act_${act}_hint`;
  return {
    title: labels[`act_${act}`],
    submit: labels[`act_${act}`],
    fields: fields[act](),
    ...(hint in labels ? { hint: labels[hint as keyof Labels] } : {}),
    ...(SAID[act] ? { said: SAID[act] } : {}),
  };
}

/** What of an act goes to the customer, or into a text that does. */
const SAID: Partial<Record<Act, string>> = {
  assign: "note",
  investigate: "note",
  respond: "analysis",
  propose: "text",
  resolve: "handling",
  told: "note",
  close: "note",
};

/** One step after the other: to 60 days only what has been extended to 30. */
function longer(cap: number | null): string[] {
  return ["30", "60"].filter((days) => Number(days) > (cap ?? 0)).slice(0, 1);
}

/** A former complaint in one line. */
export function earlierWords(one: Earlier): string {
  return [one.number, dueTime(one.opened_at), one.state_label, one.title].filter(Boolean).join(" · ");
}

/** A class may be named by its id or by its words. */
export function valueIn(values: readonly Option[], said: string | undefined): string {
  return values.find((one) => one.id === said || one.label === said)?.id ?? "";
}

/** What the server is told: the fields by their names, but for those that are no plain text there. */
export function actBody(act: Act, values: Values): object {
  if (act === "agreed") return { ...values, agreed: values.agreed === "yes" };
  if (act === "extend") return { ...values, days: Number(values.days) };
  if (act === "promise" || act === "subtask") return { ...values, due_at: fromBox(values.due_at ?? "") };
  if (act === "accused") {
    return { usernames: (values.usernames ?? "").split("\n").filter(Boolean), reason: values.reason };
  }
  if (act === "correct") {
    const lines = (values.representatives ?? "").split("\n").map((one) => one.trim());
    return { ...values, representatives: lines.filter(Boolean) };
  }
  if (act === "classify") {
    const chosen = Object.entries(values).filter(([name, value]) => name.startsWith("class:") && value);
    return {
      classes: Object.fromEntries(chosen.map(([name, value]) => [name.slice("class:".length), value])),
      group: values.group === "yes",
      root_cause: values.root_cause ?? "",
      reason: values.reason ?? "",
    };
  }
  return values;
}
