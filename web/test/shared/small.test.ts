import { describe, expect, it } from "vitest";
import { backoff, retryAfter } from "../../src/shared/backoff";
import { fill } from "../../src/shared/fill";
import { uuid } from "../../src/shared/ids";
import { addEvents, EMPTY_LOG } from "../../src/shared/log";
import { isTransient, Problem } from "../../src/shared/problem";
import { dueTime, elapsed, hourMinute, longDay } from "../../src/shared/times";
import { readChatPage, readEvents, readStatus } from "../../src/shared/wire";
import { said } from "../make";

describe("waiting before another try", () => {
  it("doubles, stays under its cap, and is spread out", () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, () => 0.5))).toEqual([500, 1000, 2000, 4000]);
    expect(backoff(30, () => 1)).toBeLessThanOrEqual(15_000 * 1.25);
    expect(backoff(0, () => 0)).toBe(375);
  });

  it("follows Retry-After in seconds or as a date, and survives nonsense", () => {
    const now = Date.parse("2026-11-22T08:00:00Z");
    expect(retryAfter("3", now)).toBe(3000);
    expect(retryAfter("Sun, 22 Nov 2026 08:00:09 GMT", now)).toBe(9000);
    expect(retryAfter("soon", now, 1234)).toBe(1234);
    expect(retryAfter(null, now, 1234)).toBe(1234);
    expect(retryAfter("99999", now)).toBe(300_000);
  });
});

describe("keys", () => {
  it("are UUIDs also where the page is no secure context", () => {
    const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) };
    const made = Array.from({ length: 50 }, () => uuid(insecure));
    for (const key of made)
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(made).size).toBe(50);
  });
});

describe("the log", () => {
  it("orders events by number and takes each once", () => {
    const first = addEvents(EMPTY_LOG, [said(2, "bot"), said(1, "customer")]);
    const second = addEvents(first, [said(2, "bot"), said(3, "bot"), said(3, "bot")]);
    expect(second.events.map((event) => event.seq)).toEqual([1, 2, 3]);
    expect(second.lastSeq).toBe(3);
  });

  it("stays the same object when nothing is new", () => {
    const log = addEvents(EMPTY_LOG, [said(1, "bot")]);
    expect(addEvents(log, [said(1, "bot")])).toBe(log);
  });
});

describe("what comes over the wire", () => {
  it("drops what it does not understand instead of breaking", () => {
    const good = said(1, "bot");
    const bad = [null, 5, {}, { ...good, seq: "1" }, { ...good, kind: "poem" }, { ...good, actor: null }];
    expect(readEvents([...bad, good])).toEqual([good]);
    expect(readEvents("nothing")).toEqual([]);
  });

  it("reads a status of a stream, and one of a poll that leaves things out", () => {
    const full = readStatus(
      { state: "HUMAN", holder: "a1", epoch: 3, last_seq: 9, queue: null, typing: true, agent: "李敏" },
      null,
    );
    expect(full).toMatchObject({ state: "HUMAN", agent: "李敏", typing: true });
    const polled = readStatus(
      { events: [], state: "HUMAN", holder: "a1", epoch: 3, last_seq: 10, queue: null },
      full,
    );
    expect(polled).toMatchObject({ agent: "李敏", typing: false, last_seq: 10 });
    expect(readStatus({ state: "BOT" }, full)).toMatchObject({ agent: null });
    expect(readStatus({ nothing: 1 }, full)).toBeNull();
  });

  it("keeps the page usable when wording is missing", () => {
    const page = readChatPage({
      bank: { name: "示范银行" },
      labels: { send: "发出", wrong: 5 },
      max_chars: "many",
    });
    expect(page).toMatchObject({
      max_chars: 1000,
      labels: { send: "发出" },
      bank: { name: "示范银行", sample: false },
    });
  });
});

describe("problems", () => {
  const answer = (status: number, body: string) =>
    new Response(body, { status, headers: { "Retry-After": "2" } });

  it("carry the detail, else the title, and the header", async () => {
    const problem = await Problem.from(answer(422, '{"title":"长","detail":"太长了"}'));
    expect(problem).toMatchObject({ status: 422, detail: "太长了", retryAfterHeader: "2" });
    expect((await Problem.from(answer(409, '{"title":"旧"}'))).detail).toBe("旧");
  });

  it("survive an answer that is no problem document", async () => {
    expect(await Problem.from(answer(502, "<html>Bad gateway</html>"))).toMatchObject({
      status: 502,
      detail: "",
    });
  });

  it("are worth another try only when the server or the line failed", async () => {
    expect(isTransient(new TypeError("Failed to fetch"))).toBe(true);
    expect(isTransient(await Problem.from(answer(503, "")))).toBe(true);
    expect(isTransient(await Problem.from(answer(422, "")))).toBe(false);
  });
});

describe("times", () => {
  it("are the bank's, whatever zone they come in", () => {
    expect(hourMinute("2026-11-22T16:30:00Z")).toBe("00:30");
    expect(hourMinute("2026-11-23T00:30:00+08:00")).toBe("00:30");
    expect(longDay("2026-11-22T16:30:00Z")).toBe("2026年11月23日");
  });

  it("show a due time with its hour, a due day without, and nonsense as it came", () => {
    expect(dueTime("2026-12-04T17:00:00+08:00")).toBe("12/4 17:00");
    expect(dueTime("2026-12-04")).toBe("12/4");
    expect(dueTime("尽快")).toBe("尽快");
    expect(hourMinute("nonsense")).toBe("");
  });

  it("count up without going below nothing", () => {
    expect([0, 65_400, 3_723_000, -5].map(elapsed)).toEqual(["0:00", "1:05", "1:02:03", "0:00"]);
  });
});

describe("labels with places", () => {
  it("are filled, and keep a place nobody filled", () => {
    expect(fill("第 {n} 位，共 {all}", { n: 2 })).toBe("第 2 位，共 {all}");
  });
});
