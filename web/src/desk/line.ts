import { backoff } from "../shared/backoff";
import { Problem } from "../shared/problem";
import type { Frame } from "../shared/sse";
import { EventStream } from "../shared/stream";
import { isRecord } from "../shared/wire";
import type { DeskApi } from "./api";
import type { DeskView } from "./model";
import { readDesk } from "./read";
import { isSignedOut } from "./refusal";

export interface LineOptions {
  api: DeskApi;
  onView(view: DeskView): void;
  onConversation(id: string, data: Record<string, unknown>): void;
  onOnline(online: boolean): void;
  /** The session is over: signed out elsewhere, expired, or refused. */
  onEnded(): void;
}

/** After so many vain tries of the stream in a row, the page asks as well. */
const TRIES = 2;
const WAIT_S = 15;

/**
 * What changes at the desk, and whether it arrives at all. Where streams do not get through, the page asks, until one
 * does: the lists come either way, and whoever is behind them asks for the conversation.
 */
export class DeskLine {
  online = false;
  lostSince = Date.now();
  private readonly stream: EventStream;
  /** The stream is open. */
  private open = false;
  /** The last question was answered. */
  private answered = false;
  private asking = false;
  private stopped = false;
  /** Of the lists that were shown last. */
  private mark = "";
  /** The conversation of somebody else's that is to be watched, */
  private wanted: string | null = null;
  /** that the server was asked to show, */
  private watched: string | null = null;
  /** and one that it does not show: it is not asked again. */
  private refused: string | null = null;
  private wake: (() => void) | null = null;

  constructor(private readonly options: LineOptions) {
    this.stream = new EventStream({
      open: (signal) => options.api.events(signal, this.watched),
      onFrame: (frame) => this.frame(frame),
      onState: (state) => {
        this.open = state === "open";
        this.turn();
      },
      onFailure: (error, failures) => {
        if (isSignedOut(error)) {
          options.onEnded();
          return "stop";
        }
        if (error instanceof Problem && (error.status === 403 || error.status === 404)) this.watchRefused();
        if (failures >= TRIES && !this.asking) void this.ask();
        return "retry";
      },
    });
    this.stream.start();
  }

  stop(): void {
    this.stopped = true;
    this.stream.stop();
    this.wake?.();
  }

  /** Shows what comes in this conversation too; only a stream does. */
  watch(id: string | null): void {
    this.wanted = id;
    if (id !== null && id !== this.refused) this.refused = null;
    this.turnTo();
  }

  /** It is opened anew: perhaps what was refused is allowed now. */
  watchAnew(): void {
    this.refused = null;
    this.turnTo();
  }

  /** What happens in this conversation comes as it happens. */
  shows(id: string): boolean {
    return this.open && this.watched === id;
  }

  hurry(): void {
    this.stream.hurry();
    this.wake?.();
  }

  private turnTo(): void {
    const next = this.wanted === this.refused ? null : this.wanted;
    if (next === this.watched) return;
    this.watched = next;
    this.stream.renew();
  }

  private watchRefused(): void {
    if (this.watched) this.refused = this.watched;
    this.watched = null;
  }

  /** Asks again and again, until a stream is open. */
  private async ask(): Promise<void> {
    this.asking = true;
    for (let vain = 0; !this.stopped && !this.open; ) {
      try {
        const { view, mark } = await this.options.api.look(this.mark, this.answered ? WAIT_S : 0);
        if (this.stopped || this.open) break; // What the stream has brought meanwhile is later.
        [vain, this.mark, this.answered] = [0, mark, true];
        this.turn();
        this.options.onView(view);
      } catch (error) {
        if (this.stopped || this.open) break;
        if (isSignedOut(error)) {
          this.stop();
          this.options.onEnded();
          break;
        }
        this.answered = false;
        this.turn();
        await this.pause(backoff(vain));
        vain += 1;
      }
    }
    [this.asking, this.answered, this.mark] = [false, false, ""];
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private turn(): void {
    const online = this.open || this.answered;
    if (online === this.online) return;
    this.online = online;
    if (!online) this.lostSince = Date.now();
    this.options.onOnline(online);
  }

  private frame(frame: Frame): void {
    if (frame.event === "closed") {
      this.options.onEnded();
      return;
    }
    let data: unknown;
    try {
      data = JSON.parse(frame.data);
    } catch {
      return; // The next view or snapshot brings what this frame meant to say.
    }
    if (frame.event === "desk") {
      const view = readDesk(data);
      if (view) this.options.onView(view);
    } else if (frame.event === "conversation" && isRecord(data) && typeof data.conversation_id === "string") {
      this.options.onConversation(data.conversation_id, data);
    }
  }
}
