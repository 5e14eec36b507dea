import { backoff, retryAfter } from "../shared/backoff";
import { Problem } from "../shared/problem";
import type { Frame } from "../shared/sse";
import { EventStream } from "../shared/stream";
import { isRecord, readEvent, readEvents, type WireEvent } from "../shared/wire";
import type { ChatApi } from "./api";

export type LinkState = "connecting" | "live" | "lost";

export interface LinkOptions {
  api: ChatApi;
  token: string;
  /** The last number seen: every connection goes on from there. */
  lastSeq(): number;
  onEvents(events: WireEvent[]): void;
  onStatus(status: unknown): void;
  onState(state: LinkState): void;
  onExpired(): void;
}

const POLL_WAIT_S = 20;
/** After so many polls the stream gets another try: the network may have changed. Each vain try doubles it. */
const POLLS_BEFORE_STREAM = 6;
const MOST_POLLS_BEFORE_STREAM = 96;

/** Keeps the conversation's events coming: by stream, and by polling where streams do not get through. */
export class Link {
  private readonly stream: EventStream;
  private polling: AbortController | null = null;
  private wake: (() => void) | null = null;
  private stopped = false;
  private polls = POLLS_BEFORE_STREAM;

  constructor(private readonly options: LinkOptions) {
    this.stream = new EventStream({
      open: (signal) => options.api.stream(options.token, options.lastSeq(), signal),
      onFrame: (frame) => this.frame(frame),
      onState: (state) => options.onState(state === "open" ? "live" : state),
      onFailure: (error, failures) => this.streamFailed(error, failures),
    });
  }

  start(): void {
    this.stream.start();
  }

  stop(): void {
    this.stopped = true;
    this.stream.stop();
    this.polling?.abort();
    this.wake?.();
  }

  hurry(): void {
    this.stream.hurry();
    this.wake?.();
  }

  private frame(frame: Frame): void {
    this.polls = POLLS_BEFORE_STREAM;
    let data: unknown;
    try {
      data = JSON.parse(frame.data);
    } catch {
      return; // Not ours to understand; the numbering brings the event again on the next connection.
    }
    if (frame.event === "status") this.options.onStatus(data);
    if (frame.event === "event") {
      const event = readEvent(data);
      if (event) this.options.onEvents([event]);
    }
  }

  private streamFailed(error: unknown, failures: number): "retry" | "stop" {
    if (isGone(error)) {
      this.options.onExpired();
      return "stop";
    }
    // Where streams failed before, one vain try is enough: while it lasts, the customer hears nothing.
    const triesAllowed = this.polls > POLLS_BEFORE_STREAM ? 1 : 2;
    if (failures < triesAllowed || (error instanceof Problem && error.status === 429)) return "retry";
    void this.poll();
    return "stop";
  }

  private async poll(): Promise<void> {
    let failures = 0;
    const rounds = this.polls;
    this.polls = Math.min(MOST_POLLS_BEFORE_STREAM, this.polls * 2);
    for (let polls = 0; polls < rounds && !this.stopped; ) {
      try {
        await this.pollOnce(polls === 0 || failures > 0 ? 0 : POLL_WAIT_S);
        this.options.onState("live");
        failures = 0;
        polls += 1;
      } catch (error) {
        if (this.stopped) return;
        if (isGone(error)) {
          this.options.onExpired();
          return;
        }
        this.options.onState("lost");
        const limited = error instanceof Problem && error.status === 429;
        await this.pause(
          limited ? retryAfter(error.retryAfterHeader, Date.now()) : backoff(failures, Math.random, 8_000),
        );
        failures += 1;
      }
    }
    if (!this.stopped) this.stream.start();
  }

  private async pollOnce(wait: number): Promise<void> {
    const request = new AbortController();
    this.polling = request;
    const timer = setTimeout(() => request.abort(), (wait + 15) * 1000);
    try {
      const answer = await this.options.api.poll(
        this.options.token,
        this.options.lastSeq(),
        wait,
        request.signal,
      );
      if (this.stopped || !isRecord(answer)) return;
      this.options.onEvents(readEvents(answer.events));
      this.options.onStatus(answer);
    } finally {
      clearTimeout(timer);
      this.polling = null;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wake = done;
    });
  }
}

/** The token is refused or its conversation is not there any more. */
function isGone(error: unknown): boolean {
  return error instanceof Problem && (error.status === 401 || error.status === 404);
}
