import { hasSeq, type Log, recalls } from "../shared/log";
import type { Choice, Status } from "../shared/wire";
import type { Outgoing } from "./outbox";

/** Messages of the customer that are not in the log yet. */
export function unsettled(log: Log, outgoing: readonly Outgoing[]): Outgoing[] {
  return outgoing.filter((item) => {
    if (item.seq !== null) return !hasSeq(log, item.seq);
    if (item.sentAfter === null) return true;
    const after = item.sentAfter;
    return !log.events.some(
      (event) =>
        event.seq > after &&
        event.actor.kind === "customer" &&
        (item.status === "sending" || event.text === item.shown),
    );
  });
}

/** The log without the words of what was taken back: the page keeps them no longer than the server sends them. */
export function forgetRecalled(log: Log): Log {
  const gone = recalls(log.events);
  if (gone.size === 0) return log;
  const events = log.events.map((event) => {
    const { seq, at, kind, actor } = event;
    return gone.has(seq) ? { seq, at, kind, actor, text: "" } : event;
  });
  return { ...log, events };
}

export interface ChoiceGroup {
  seq: number;
  choices: readonly Choice[];
  /** Only the newest group can still be answered. */
  open: boolean;
  /** The id that the customer took, as far as the log tells. */
  taken: string | null;
}

/** Was the survey's question that asks for words said last, and nothing written since? */
export function awaitsWords(log: Log): boolean {
  const last = [...log.events]
    .reverse()
    .find((event) => event.kind === "survey" || event.actor.kind === "customer");
  return last?.kind === "survey" && last.input === "text";
}

/** Every event's choices, and which of them can still be clicked. */
export function choiceGroups(
  log: Log,
  status: Status | null,
  outgoing: readonly Outgoing[],
): Map<number, ChoiceGroup> {
  const groups = new Map<number, ChoiceGroup>();
  const offering = log.events.filter((event) => (event.choices?.length ?? 0) > 0);
  const newest = offering[offering.length - 1];
  for (const [index, event] of offering.entries()) {
    const choices = event.choices ?? [];
    const next = offering[index + 1]?.seq ?? Number.POSITIVE_INFINITY;
    const reply = log.events.find(
      (one) =>
        one.seq > event.seq &&
        one.seq < next &&
        one.actor.kind === "customer" &&
        choices.some((choice) => choice.label === one.text),
    );
    const inFlight =
      event === newest
        ? outgoing.find((item) => "choice" in item.body && item.status !== "failed")
        : undefined;
    const clicked = inFlight && "choice" in inFlight.body ? inFlight.body.choice : null;
    const taken = choices.find((choice) => choice.label === reply?.text)?.id ?? clicked;
    const live = status?.state !== "CLOSED" || event.kind === "survey";
    const written = event.input === "text" && !awaitsWords(log);
    groups.set(event.seq, {
      seq: event.seq,
      choices,
      open: event === newest && taken === null && live && !written,
      taken,
    });
  }
  return groups;
}

/** Who answers now, as the customer must be told at all times. */
export type Facing =
  | { kind: "bot" }
  | { kind: "queue" }
  | { kind: "agent"; name: string }
  | { kind: "closed" };

export function facing(status: Status | null, log: Log): Facing {
  switch (status?.state) {
    case "QUEUED":
    case "OFFERED":
      return { kind: "queue" };
    case "HUMAN": {
      const spoken = [...log.events].reverse().find((event) => event.actor.kind === "agent");
      return { kind: "agent", name: status.agent ?? spoken?.actor.name ?? "" };
    }
    case "CLOSED":
      return { kind: "closed" };
    default:
      return { kind: "bot" };
  }
}

/** Messages of others after `seq`: what a customer has not seen while the panel was closed. */
export function unreadAfter(log: Log, seq: number): number {
  return log.events.filter(
    (event) => event.seq > seq && event.actor.kind !== "customer" && event.kind !== "state" && event.text,
  ).length;
}

/** Length as the server counts it: characters, not UTF-16 units. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Minutes for "about N minutes"; 0 means less than one. Null where nothing is known. */
export function queueMinutes(etaSeconds: number | null | undefined): number | null {
  if (etaSeconds === null || etaSeconds === undefined || !Number.isFinite(etaSeconds)) return null;
  return etaSeconds < 60 ? 0 : Math.ceil(etaSeconds / 60);
}
