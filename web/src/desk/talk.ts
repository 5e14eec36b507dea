import { fill } from "../shared/fill";
import { addEvents, EMPTY_LOG, type Log } from "../shared/log";
import { type ConversationState, isRecord, readEvents } from "../shared/wire";
import { type Clock, readClocks } from "./clocks";
import type { Labels } from "./labels.zh";
import type { ChannelState, Package, Snapshot, Verdict } from "./model";
import { readChannel } from "./read";

/** One conversation as the console shows it: what the server said, and how the agent's own sending stands. */
export interface Talk {
  id: string;
  package: Package | null;
  log: Log;
  state: ConversationState | null;
  holder: string | null;
  epoch: number;
  clocks: readonly Clock[];
  channel: ChannelState | null;
  /** The server shows it to us no more: it ended, or went to somebody else. */
  gone: boolean;
  sending: boolean;
  verdict: Verdict | null;
  /** Why the last action did not work, to be read beside it. */
  trouble: string;
}

export function emptyTalk(id: string): Talk {
  return {
    id,
    package: null,
    log: EMPTY_LOG,
    state: null,
    holder: null,
    epoch: 0,
    clocks: [],
    channel: null,
    gone: false,
    sending: false,
    verdict: null,
    trouble: "",
  };
}

/** He has just ended it: its form can still be filled in. The lists name what is ended no more. */
export function wrapping(talk: Talk | null, username: string | undefined): boolean {
  return talk !== null && !talk.gone && talk.state === "WRAP_UP" && talk.holder === username;
}

/** `asked` is the talk as it was when the snapshot was asked for: what a frame told since then is the later truth. */
export function withSnapshot(talk: Talk, snapshot: Snapshot, asked: Talk = talk): Talk {
  const channel = talk.channel === asked.channel ? (snapshot.channel_state ?? null) : talk.channel;
  const log = addEvents(talk.log, snapshot.events);
  // A snapshot asked for before a change may arrive after it: the higher epoch is the later truth.
  if (snapshot.epoch < talk.epoch) return { ...talk, package: snapshot.package, log };
  const { state, holder, epoch, clocks } = snapshot;
  return { ...talk, gone: false, package: snapshot.package, log, state, holder, epoch, clocks, channel };
}

/** The `conversation` frame of the desk's stream. */
export function withFrame(talk: Talk, data: unknown): Talk {
  if (!isRecord(data)) return talk;
  const log = addEvents(talk.log, readEvents(data.events));
  const epoch = typeof data.epoch === "number" ? data.epoch : talk.epoch;
  if (epoch < talk.epoch) return { ...talk, log };
  return {
    ...talk,
    log,
    epoch,
    clocks: readClocks(data.clocks) ?? talk.clocks,
    channel: readChannel(data.channel_state) ?? talk.channel,
    state: typeof data.state === "string" ? (data.state as ConversationState) : talk.state,
    holder: "holder" in data ? (typeof data.holder === "string" ? data.holder : null) : talk.holder,
  };
}

/** By whom and why, in the frame for who has lost it to a supervisor; "" in any other. */
export function takenOver(labels: Labels, { taken_over: told }: Record<string, unknown>): string {
  if (!isRecord(told)) return "";
  return fill(labels.taken_over, { name: String(told.by ?? ""), why: String(told.why ?? "") });
}
