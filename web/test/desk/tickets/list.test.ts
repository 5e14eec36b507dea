// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { en } from "../../../src/desk/labels.en";
import { REFRESH_MS } from "../../../src/desk/tickets/cases";
import { json } from "../../make";
import { brief, dueAt, NOW, NUMBER, settle, setUp } from "./make";

const numbered = (n: number) => brief({ number: `TS20261125-${String(n).padStart(6, "0")}` });

describe("the list of cases", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  it("shows number, severity, title, state, owner and the next clock in words", async () => {
    const { draw, words } = await setUp({
      tickets: [
        brief({ repeat: true, group: true, paused: true, owner_user: { id: "agent2", label: "王芳" } }),
      ],
    });
    for (const part of [
      NUMBER,
      "重要",
      "柜员态度差",
      "已受理",
      "王芳",
      "首次答复",
      "还剩3小时",
      "重复",
      "群体",
      "暂停",
    ]) {
      expect(words()).toContain(part);
    }
    expect(draw().querySelector("td a")?.getAttribute("href")).toBe(`#/tickets/${NUMBER}`);
  });

  it("says overdue in words and in colour", async () => {
    const { draw, words } = await setUp({
      tickets: [brief({ next: dueAt("2026-11-25T08:00:00+08:00", true) })],
    });
    expect(words()).toContain("已超时2小时");
    expect(draw().querySelector(".due.late")).not.toBeNull();
  });

  it("asks with the filters, and the export stands at the same ones", async () => {
    const { desk, asked, draw } = await setUp();
    expect(asked("&limit=")).toEqual(["/api/desk/tickets?state=open&limit=50"]);
    desk.cases.filter({ owner: "me", severity: "重大", due: "overdue" });
    await settle();
    const said = `state=open&severity=${encodeURIComponent("重大")}&owner=me&due=overdue`;
    expect(asked("&limit=").at(-1)).toBe(`/api/desk/tickets?${said}&limit=50`);
    const link = draw().querySelector("a[download]");
    expect(link?.getAttribute("href")).toBe(`/api/desk/tickets/export?${said}`);
  });

  it("changes a filter by its labelled box, and keeps it over a reload", async () => {
    const { draw, asked, store } = await setUp();
    const box = draw().querySelector<HTMLSelectElement>('select[name="kind"]');
    if (!box) throw new Error("no box");
    box.value = "callback";
    box.dispatchEvent(new Event("change"));
    await settle();
    expect(asked("kind=callback")).toHaveLength(1);
    expect((await setUp({ store })).asked("kind=callback")).toHaveLength(1);
  });

  it("waits for the end of a word before it searches", async () => {
    const { desk, asked } = await setUp();
    for (const q of ["年", "年费"]) desk.cases.filter({ q });
    expect(asked("q=")).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(400);
    expect(asked("q=")).toEqual([`/api/desk/tickets?state=open&q=${encodeURIComponent("年费")}&limit=50`]);
  });

  it("loads more once, however often that is pressed, and keeps the keyboard on it", async () => {
    const answers: ((answer: Response) => void)[] = [];
    const { draw } = await setUp({
      answer: ({ path }) => {
        if (!path.includes("&limit=")) return null;
        if (!path.includes("after=")) return json({ tickets: [numbered(1)], next: "TS20261125-000001" });
        return new Promise<Response>((resolve) => answers.push(resolve));
      },
    });
    const button = () => draw().querySelector<HTMLButtonElement>(".more button");
    for (let press = 0; press < 3; press += 1) button()?.click();
    await settle();
    expect([answers.length, button()?.disabled]).toEqual([1, false]);
  });

  it("loads more page by page, and a refresh keeps what was loaded", async () => {
    const { press, asked, draw, words } = await setUp({
      answer: ({ path }) => {
        if (!path.includes("&limit=")) return null;
        const second = path.includes("after=");
        return json({ tickets: [numbered(second ? 2 : 1)], next: second ? null : "TS20261125-000001" });
      },
    });
    expect(draw().querySelectorAll("tbody tr")).toHaveLength(1);
    await press("加载更多");
    expect(asked("after=TS20261125-000001")).toHaveLength(1);
    expect(draw().querySelectorAll("tbody tr")).toHaveLength(2);
    expect(words()).not.toContain("加载更多");
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect(draw().querySelectorAll("tbody tr")).toHaveLength(2);
    expect(asked("after=")).toHaveLength(2);
  });

  it("is brought up to date while it is seen, not while it is hidden", async () => {
    const { asked, desk } = await setUp();
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect(asked("&limit=")).toHaveLength(2);
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect(asked("&limit=")).toHaveLength(2);
    hidden.mockReturnValue(false);
    desk.hurry();
    await settle();
    expect(asked("&limit=")).toHaveLength(3);
    hidden.mockRestore();
  });

  it("says when there is nothing, and that filters may be why", async () => {
    const { words, press, desk } = await setUp({ tickets: [] });
    expect(words()).toContain("目前没有未结工单");
    desk.cases.filter({ owner: "none" });
    await settle();
    expect(words()).toContain("没有符合条件的工单");
    await press("清除筛选");
    expect(desk.cases.list.filters.owner).toBe("");
  });

  it("keeps the old rows when new ones cannot be had, says so, and tries again", async () => {
    let down = false;
    const { words, press, draw } = await setUp({
      answer: ({ path }) => (down && path.includes("&limit=") ? json({ detail: "暂时不行" }, 503) : null),
    });
    down = true;
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect(words()).toContain("暂时不行");
    expect(draw().querySelectorAll("tbody tr")).toHaveLength(1);
    down = false;
    await press("重试");
    expect(words()).not.toContain("暂时不行");
  });

  it("drops the answer to an older question", async () => {
    const late: ((response: Response) => void)[] = [];
    const { desk, words } = await setUp({
      answer: ({ path }) => {
        if (path.includes("owner=me")) return new Promise((done) => late.push(done)) as unknown as Response;
        return null;
      },
    });
    desk.cases.filter({ owner: "me" });
    await settle();
    desk.cases.filter({ owner: "none" });
    await settle();
    late[0]?.(json({ tickets: [brief({ title: "旧的答案" })], next: null }));
    await settle();
    expect(words()).not.toContain("旧的答案");
  });

  it("ends with the session", async () => {
    let over = false;
    const { desk } = await setUp({
      answer: ({ path }) => (over && path.includes("&limit=") ? json({}, 401) : null),
    });
    over = true;
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect([desk.phase, desk.cases.list.rows]).toEqual(["signed-out", []]);
  });

  it("is there in English", async () => {
    const { words } = await setUp({ labels: en });
    expect(words()).toContain("3 h left");
    expect(words()).toContain("Export CSV");
  });
});
