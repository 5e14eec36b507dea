import { backoff, retryAfter } from "./backoff";
import { Problem } from "./problem";
import { type Frame, SseParser } from "./sse";

export type StreamState = "connecting" | "open" | "lost";

export interface StreamOptions {
  /** Starts the request; the stream aborts it through the signal. */
  open(signal: AbortSignal): Promise<Response>;
  onFrame(frame: Frame): void;
  onState?(state: StreamState): void;
  /** Called when a connection ended. "stop" ends the stream; otherwise it connects again after a while. */
  onFailure?(error: unknown, failuresInARow: number): "retry" | "stop";
  /** No bytes for so long: the line is dead whatever the socket says. */
  silenceMs?: number;
  /** No first byte for so long: something between us and the server keeps the stream back. */
  firstByteMs?: number;
}

/** A server-sent stream that notices a dead line, reconnects with backoff, and can be told to hurry. */
export class EventStream {
  private run: AbortController | null = null;
  private connection: AbortController | null = null;
  private wake: (() => void) | null = null;
  private lastByteAt = 0;
  private failures = 0;
  private opened = false;
  private renewing = false;

  constructor(private readonly options: StreamOptions) {}

  get running(): boolean {
    return this.run !== null;
  }

  start(): void {
    if (this.run) return;
    const run = new AbortController();
    this.run = run;
    this.failures = 0;
    void this.loop(run.signal);
  }

  stop(): void {
    this.run?.abort();
    this.run = null;
    this.connection?.abort();
    this.wake?.();
  }

  /** The network is back or the page is seen again: skip the waiting, and drop a line silent for `staleMs`. */
  hurry(staleMs = 20_000): void {
    this.failures = 0;
    if (this.wake) this.wake();
    else if (Date.now() - this.lastByteAt > staleMs) this.connection?.abort();
  }

  /** Ends an open line and opens another at once, as if there had been one all the time. */
  renew(): void {
    if (!this.connection) return;
    this.renewing = true;
    this.connection.abort();
  }

  private async loop(signal: AbortSignal): Promise<void> {
    for (let renewed = false; !signal.aborted; ) {
      if (!renewed) this.options.onState?.("connecting");
      let error: unknown = null;
      try {
        await this.connect(signal);
      } catch (caught) {
        error = caught;
      }
      if (signal.aborted) return;
      renewed = this.renewing;
      this.renewing = false;
      if (renewed) continue;
      this.options.onState?.("lost");
      this.failures += 1;
      if (this.options.onFailure?.(error, this.failures) === "stop") {
        this.run = null;
        return;
      }
      const wait =
        error instanceof Problem && error.status === 429
          ? retryAfter(error.retryAfterHeader, Date.now())
          : backoff(this.failures - 1);
      await this.pause(wait);
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

  private async connect(run: AbortSignal): Promise<void> {
    const connection = new AbortController();
    this.connection = connection;
    let watchdog = setTimeout(() => connection.abort(), this.options.firstByteMs ?? 10_000);
    const alive = () => {
      this.lastByteAt = Date.now();
      clearTimeout(watchdog);
      watchdog = setTimeout(() => connection.abort(), this.options.silenceMs ?? 40_000);
    };
    let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
    const release = () => void reader?.cancel().catch(() => undefined);
    connection.signal.addEventListener("abort", release);
    try {
      this.lastByteAt = Date.now();
      const response = await this.options.open(connection.signal);
      if (!response.ok) throw await Problem.from(response);
      const type = response.headers.get("Content-Type") ?? "";
      if (!type.includes("text/event-stream") || !response.body) throw new Error("not an event stream");
      reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = new SseParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done || connection.signal.aborted || run.aborted) return;
        if (value.length === 0) continue;
        if (!this.opened) this.options.onState?.("open");
        this.opened = true;
        this.failures = 0;
        alive();
        for (const frame of parser.push(decoder.decode(value, { stream: true }))) this.options.onFrame(frame);
      }
    } finally {
      this.opened = false;
      clearTimeout(watchdog);
      connection.signal.removeEventListener("abort", release);
      if (this.connection === connection) this.connection = null;
      connection.abort();
    }
  }
}
