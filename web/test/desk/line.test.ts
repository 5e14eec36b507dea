// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeskApi } from "../../src/desk/api";
import { DeskLine } from "../../src/desk/line";
import type { DeskView } from "../../src/desk/model";
import { type Call, json, liveStream, scripted } from "../make";

const VIEW = { now: "2026-11-22T01:00:00Z", presence: "ready", limit: 3, queue: [], offers: [], mine: [] };

/** A line on a server whose streams and questions are answered by `answer`; a question comes with `?wait=`. */
function listen(answer: (call: Call, asked: number) => Response | Promise<Response>) {
  const heard = { views: [] as DeskView[], online: [] as boolean[], ended: 0 };
  let asked = 0;
  const { fetcher, calls } = scripted((call) => answer(call, call.path.includes("wait=") ? ++asked : 0));
  const line = new DeskLine({
    api: new DeskApi(fetcher),
    onView: (view) => heard.views.push(view),
    onConversation: () => undefined,
    onOnline: (online) => heard.online.push(online),
    onEnded: () => {
      heard.ended += 1;
    },
  });
  const questions = () => calls.filter((one) => one.path.includes("wait=")).map((one) => one.path);
  return { line, heard, questions, calls };
}

const never = () => new Promise<Response>(() => undefined);

describe("the line to the desk", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks where no stream gets through, for what is not the same as last time", async () => {
    const { line, heard, questions, calls } = listen((call, asked) => {
      if (!call.path.includes("wait=")) return json({}, 502);
      return asked < 3 ? json({ view: { ...VIEW, limit: asked }, mark: `m${asked}` }) : never();
    });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(questions()).toEqual([
      "/api/desk/events?wait=0&since=",
      "/api/desk/events?wait=15&since=m1",
      "/api/desk/events?wait=15&since=m2",
    ]);
    expect(calls.find((one) => one.path.includes("wait="))?.headers.get("Accept")).toBe("application/json");
    expect([heard.views.map((one) => one.limit), heard.online, line.online]).toEqual([[1, 2], [true], true]);
    line.stop();
  });

  it("stays online while it tries the stream again, and asks no more when that is open", async () => {
    const stream = liveStream();
    let streams = 0;
    const { line, heard, questions } = listen((call, asked) => {
      if (call.path.includes("wait=")) return asked === 1 ? json({ view: VIEW, mark: "m" }) : never();
      streams += 1;
      return streams < 4 ? json({}, 502) : stream.response;
    });
    await vi.advanceTimersByTimeAsync(8_000);
    stream.beat();
    await vi.advanceTimersByTimeAsync(30_000);
    expect([heard.online, line.online, questions().length]).toEqual([[true], true, 2]);
    line.stop();
  });

  it("is offline while nothing is answered, asks ever more seldom, and at once when told to hurry", async () => {
    const { line, heard, questions } = listen(() => json({}, 503));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([heard.online, line.online]).toEqual([[], false]);
    expect(questions().length).toBeLessThan(10);
    const before = questions().length;
    line.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(questions().length).toBeGreaterThan(before);
    line.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(questions().length).toBe(before + 1);
  });

  it("ends with the session", async () => {
    const { heard, questions } = listen((call) => json({}, call.path.includes("wait=") ? 401 : 502));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([heard.ended, questions().length]).toEqual([1, 1]);
  });
});
