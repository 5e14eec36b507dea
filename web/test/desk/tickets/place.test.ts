// @vitest-environment happy-dom
import { render } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { TODAY } from "../../../src/desk/place";
import { readFilters } from "../../../src/desk/tickets/filters";
import { readBriefs, readFull } from "../../../src/desk/tickets/read";
import { readTasks } from "../../../src/desk/tickets/read-tasks";
import { topView } from "../../../src/desk/views-top";
import { fromBox, toBox } from "../../../src/shared/times";
import { NOW, setUp } from "./make";

describe("the main navigation", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  it("leads to the parts that are for him, says which is shown, and counts unseen alerts", async () => {
    const { desk } = await setUp({
      place: { view: "board" },
      alerts: () => [{ id: 1, at: "", number: null, kind: "warning", level: 80, text: "快到期" }],
    });
    const page = document.createElement("div");
    const nothing = () => undefined;
    render(
      topView({
        desk,
        labels: zh,
        muted: false,
        asleep: false,
        testSound: nothing,
        switchSound: nothing,
        switchLanguage: nothing,
        help: nothing,
        changed: nothing,
      }),
      page,
    );
    const links = [...page.querySelectorAll("nav a")];
    expect(links.map((one) => one.getAttribute("href"))).toEqual([
      "#/talks",
      "#/tickets",
      "#/board",
      "#/tasks",
      "#/people",
    ]);
    expect(links.map((one) => one.getAttribute("aria-current"))).toEqual([null, null, "page", null, null]);
    expect(links[3]?.textContent).toContain("1 条未读提醒");
  });

  it("away from the conversations nothing in them counts as seen", async () => {
    const { desk } = await setUp({ place: TODAY });
    desk.select("c1");
    const item = {
      conversation_id: "c1",
      channel: "web",
      state: "HUMAN",
      epoch: 1,
      last_seq: 3,
      unread: 2,
    } as const;
    expect(desk.lists.unread(item)).toBe(0);
    desk.where.follow("#/board");
    expect(desk.lists.unread(item)).toBe(2);
  });
});

describe("what the server sends", () => {
  it("of cases may lack what is not there, but not the list", () => {
    expect(() => readBriefs({})).toThrow();
    expect(
      readBriefs({ tickets: [{ number: "TS1", kind: "complaint" }, { number: 5 }, null] }),
    ).toMatchObject({
      tickets: [{ number: "TS1", next: null, owner_user: null }],
      next: null,
    });
    expect(readFull({ number: "TS1", kind: "complaint" })).toMatchObject({
      clocks: [],
      allowed: [],
      version: 0,
    });
    expect(() => readFull({})).toThrow();
    expect(readTasks({ tasks: [{ id: 1 }, {}] })).toHaveLength(1);
  });

  it("and what was put away as filters may be anything", () => {
    expect(readFilters("")).toMatchObject({ state: "open", q: "" });
    expect(readFilters('{"owner":"me","q":7}')).toMatchObject({ owner: "me", q: "" });
  });
});

describe("a box for a moment", () => {
  it("holds the bank's time", () => {
    expect(fromBox("2026-11-24T09:30")).toBe("2026-11-24T09:30:00+08:00");
    expect(toBox("2026-11-24T01:30:00Z")).toBe("2026-11-24T09:30");
    expect([fromBox(""), toBox("")]).toEqual(["", ""]);
  });
});
