import { isRecord, readEvents } from "../shared/wire";
import { readClocks } from "./clocks";
import {
  type ChannelState,
  DELIVERIES,
  type Delivery,
  type DeskPage,
  type DeskView,
  type Incident,
  type Item,
  type Option,
  type Script,
  type SignedIn,
  type Snapshot,
  type Ticket,
  type Verdict,
} from "./model";
import { readMood, readPackage } from "./read-package";

/** Options may come as plain words or as {id, label}. */
export function readOptions(value: unknown): Option[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one): Option[] => {
    if (typeof one === "string") return [{ id: one, label: one }];
    if (!isRecord(one) || typeof one.id !== "string") return [];
    return [{ id: one.id, label: typeof one.label === "string" ? one.label : one.id }];
  });
}

export function readPage(value: unknown): DeskPage {
  const page = isRecord(value) ? value : {};
  const bank = isRecord(page.bank) ? page.bank.name : page.bank;
  return {
    bank: typeof bank === "string" ? bank : "",
    categories: readOptions(page.categories),
    transfer_queues: readOptions(page.transfer_queues),
    recall_s: typeof page.recall_s === "number" ? page.recall_s : 0,
    quiet_s: typeof page.quiet_s === "number" ? page.quiet_s : 0,
  };
}

export function readSignedIn(value: unknown): SignedIn {
  if (!isRecord(value) || typeof value.csrf_token !== "string" || !isRecord(value.user)) {
    throw new Error("the server named no session");
  }
  const { username, name, rights } = value.user;
  return {
    csrf_token: value.csrf_token,
    user: {
      username: String(username ?? ""),
      name: String(name ?? username ?? ""),
      rights: Array.isArray(rights) ? rights.map(String) : [],
    },
  };
}

/** What the channel says of itself, or null from a server that does not tell. */
export function readChannel(value: unknown): ChannelState | null {
  if (!isRecord(value) || typeof value.name !== "string") return null;
  const known: readonly unknown[] = DELIVERIES;
  return {
    name: value.name,
    subscribed: typeof value.subscribed === "boolean" ? value.subscribed : null,
    window_until: typeof value.window_until === "string" ? value.window_until : null,
    left: typeof value.left === "number" ? value.left : null,
    held: typeof value.held === "number" ? value.held : 0,
    deliveries: isRecord(value.deliveries)
      ? Object.fromEntries(
          Object.entries(value.deliveries).filter((pair): pair is [string, Delivery] =>
            known.includes(pair[1]),
          ),
        )
      : null,
  };
}

/** What an older server does not send is none. */
export function readIncidents(value: unknown): Incident[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one): Incident[] => {
    if (!isRecord(one) || !["script", "topic", "bot"].includes(String(one.kind))) return [];
    return [
      {
        id: Number(one.id),
        kind: one.kind as Incident["kind"],
        subject: String(one.subject ?? ""),
        why: String(one.why ?? ""),
        since: String(one.since ?? ""),
        until: typeof one.until === "string" ? one.until : null,
      },
    ];
  });
}

export function readDesk(value: unknown): DeskView | null {
  if (!isRecord(value) || typeof value.now !== "string") return null;
  const list = <T extends Item>(part: unknown) =>
    (Array.isArray(part) ? (part as T[]) : []).map((one) => ({
      ...one,
      channel_state: readChannel(one.channel_state),
      clocks: readClocks(one.clocks),
      mood: readMood(one.mood),
    }));
  return {
    ...(value as unknown as DeskView),
    queue: list(value.queue),
    offers: list(value.offers),
    mine: list(value.mine),
    incidents: readIncidents(value.incidents),
  };
}

export function readSnapshot(value: unknown): Snapshot {
  if (!isRecord(value) || typeof value.state !== "string") throw new Error("the server sent no conversation");
  return {
    ...(value as unknown as Snapshot),
    package: readPackage(value.package),
    events: readEvents(value.events),
    holder: typeof value.holder === "string" ? value.holder : null,
    epoch: typeof value.epoch === "number" ? value.epoch : 0,
    clocks: readClocks(value.clocks) ?? [],
    channel_state: readChannel(value.channel_state),
  };
}

export function readScripts(value: unknown): Script[] {
  return isRecord(value) && Array.isArray(value.scripts) ? (value.scripts as Script[]) : [];
}

export function readTickets(value: unknown): Ticket[] {
  if (!isRecord(value) || !Array.isArray(value.tickets)) throw new Error("the server sent no list of cases");
  return value.tickets.filter(
    (one) =>
      isRecord(one) &&
      typeof one.number === "string" &&
      (one.kind === "callback" || one.kind === "complaint"),
  ) as Ticket[];
}

/** The guard's refusal of `text`, or null when the problem is of another kind. */
export function readVerdict(text: string, body: Record<string, unknown>): Verdict | null {
  if (!Array.isArray(body.rules) && !Array.isArray(body.reasons)) return null;
  const reasons = Array.isArray(body.reasons) ? body.reasons.map(String) : [];
  return {
    text,
    detail: typeof body.detail === "string" ? body.detail : "",
    reasons,
    confirmable: body.confirmable === true,
    completed:
      typeof body.completed_text === "string" && body.completed_text !== text ? body.completed_text : null,
  };
}
