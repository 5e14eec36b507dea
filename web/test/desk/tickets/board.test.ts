// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { type Column, columnOf, leftWords, tone } from "../../../src/desk/tickets/due";
import { json } from "../../make";
import { brief, dueAt, NOW, setUp } from "./make";

describe("the column of a case", () => {
  it.each<[string, string, Column]>([
    ["what has passed", "2026-11-25T09:59:00+08:00", "late"],
    ["later today", "2026-11-25T23:59:00+08:00", "today"],
    ["after midnight in Beijing, the same day in Greenwich", "2026-11-26T00:30:00+08:00", "tomorrow"],
    ["Sunday", "2026-11-29T23:59:00+08:00", "week"],
    ["Monday", "2026-11-30T00:00:00+08:00", "later"],
  ])("%s", (_what, at, column) => expect(columnOf({ next: dueAt(at) }, NOW)).toBe(column));

  it("is the first for what the server calls breached, the last without a clock", () => {
    expect(columnOf({ next: dueAt("2026-12-25T09:00:00+08:00", true) }, NOW)).toBe("late");
    expect(columnOf({ next: null }, NOW)).toBe("later");
  });

  it("of tomorrow is tomorrow on a Sunday too, when it is another week", () => {
    const sunday = Date.parse("2026-11-29T10:00:00+08:00");
    expect(columnOf({ next: dueAt("2026-11-30T09:00:00+08:00") }, sunday)).toBe("tomorrow");
    expect(columnOf({ next: dueAt("2026-12-01T09:00:00+08:00") }, sunday)).toBe("later");
  });
});

describe("time left", () => {
  const words = (minutes: number) => leftWords(new Date(NOW + minutes * 60_000).toISOString(), NOW, zh);
  it("is said by its largest unit", () => {
    expect([0.5, 25, 185, 47 * 60, 49 * 60].map(words)).toEqual([
      "还剩不到1分钟",
      "还剩25分钟",
      "还剩3小时",
      "还剩47小时",
      "还剩2天",
    ]);
    expect([-10, -120].map(words)).toEqual(["已超时10分钟", "已超时2小时"]);
  });

  it("is near below four hours", () => {
    const at = (hours: number) => tone(new Date(NOW + hours * 3_600_000).toISOString(), NOW);
    expect([-1, 3, 5].map(at)).toEqual(["late", "near", "calm"]);
  });
});

describe("the board", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  it("asks for all open cases and puts them under the clock that ends next, soonest first", async () => {
    const pages = [
      {
        tickets: [
          brief({ number: "TS2" }),
          brief({ number: "TS1", next: dueAt("2026-11-25T11:00:00+08:00") }),
        ],
        next: "TS1",
      },
      { tickets: [brief({ number: "TS3", next: dueAt("2026-11-24T11:00:00+08:00", true) })], next: null },
    ];
    const { draw, asked } = await setUp({
      place: { view: "board" },
      answer: ({ path }) =>
        path.includes("&limit=") ? json(path.includes("after=") ? pages[1] : pages[0]) : null,
    });
    expect(asked("&limit=")).toHaveLength(2);
    const titles = [...draw().querySelectorAll(".column h3")].map((one) => one.textContent?.trim());
    expect(titles).toEqual(["已超时1", "今天到期2", "明天0", "本周0", "以后0"]);
    const links = [...draw().querySelectorAll(".column.today a")].map((one) => one.getAttribute("href"));
    expect(links).toEqual(["#/tickets/TS1", "#/tickets/TS2"]);
  });

  it("moves a card when its time comes, also between two lists", async () => {
    const { draw } = await setUp({ place: { view: "board" } });
    expect(draw().querySelectorAll(".column.today a")).toHaveLength(1);
    vi.setSystemTime(NOW + 4 * 3_600_000);
    expect(draw().querySelectorAll(".column.late a")).toHaveLength(1);
  });
});
