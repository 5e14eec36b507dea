import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../src/shared/problem";
import type { Frame } from "../../src/shared/sse";
import { EventStream, type StreamState } from "../../src/shared/stream";
import { json, liveStream } from "../make";

function listen(
  open: (signal: AbortSignal, attempt: number) => Promise<Response>,
  stopAfter = Number.POSITIVE_INFINITY,
) {
  const heard = { frames: [] as Frame[], states: [] as StreamState[], errors: [] as unknown[], attempts: 0 };
  const stream = new EventStream({
    open: (signal) => {
      heard.attempts += 1;
      return open(signal, heard.attempts);
    },
    onFrame: (frame) => heard.frames.push(frame),
    onState: (state) => heard.states.push(state),
    onFailure: (error, failures) => {
      heard.errors.push(error);
      return failures >= stopAfter ? "stop" : "retry";
    },
  });
  return { stream, heard };
}

describe("event stream", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("hands on frames and says that it is open with the first byte", async () => {
    const live = liveStream();
    const { stream, heard } = listen(async () => live.response);
    stream.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(heard.states).toEqual(["connecting"]);
    live.send("status", { state: "BOT" });
    await vi.advanceTimersByTimeAsync(0);
    expect(heard.states).toEqual(["connecting", "open"]);
    expect(heard.frames).toHaveLength(1);
    stream.stop();
  });

  it("takes 40 seconds of silence for a dead line, and a heartbeat for life", async () => {
    const lines = [liveStream(), liveStream()];
    const { stream, heard } = listen(
      async (_signal, attempt) => lines[attempt - 1]?.response ?? json({}, 500),
    );
    stream.start();
    await vi.advanceTimersByTimeAsync(0);
    lines[0]?.beat();
    await vi.advanceTimersByTimeAsync(39_000);
    lines[0]?.beat();
    await vi.advanceTimersByTimeAsync(39_000);
    expect(heard.attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(heard.attempts).toBe(2);
    stream.stop();
  });

  it("does not wait for ever for a first byte that a proxy keeps back", async () => {
    const { stream, heard } = listen(async () => liveStream().response, 1);
    stream.start();
    await vi.advanceTimersByTimeAsync(10_100);
    expect(heard.errors).toHaveLength(1);
    expect(stream.running).toBe(false);
  });

  it("waits longer after each failure and at once when told to hurry", async () => {
    const { stream, heard } = listen(async () => json({}, 503));
    stream.start();
    await vi.advanceTimersByTimeAsync(5_000);
    const slow = heard.attempts;
    expect(slow).toBeGreaterThan(2);
    expect(slow).toBeLessThan(6);
    stream.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(heard.attempts).toBe(slow + 1);
    stream.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard.attempts).toBe(slow + 1);
  });

  it("waits as long as the server asks", async () => {
    const { stream, heard } = listen(async () => json({}, 429, { "Retry-After": "30" }));
    stream.start();
    await vi.advanceTimersByTimeAsync(29_000);
    expect(heard.attempts).toBe(1);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(heard.attempts).toBe(2);
    stream.stop();
  });

  it("tells a refusal apart and stops when told to", async () => {
    const { stream, heard } = listen(async () => json({ detail: "过期" }, 401), 1);
    stream.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(heard.attempts).toBe(1);
    expect(heard.errors[0]).toBeInstanceOf(Problem);
  });
});
