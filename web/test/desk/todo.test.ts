// @vitest-environment happy-dom
import { render } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeskApi } from "../../src/desk/api";
import { Desk } from "../../src/desk/desk";
import { en } from "../../src/desk/labels.en";
import { zh } from "../../src/desk/labels.zh";
import type { DeskView, Item, Ticket } from "../../src/desk/model";
import { POLL_MS, SHOW_MS } from "../../src/desk/todo";
import { dueWords, isLate, todoView } from "../../src/desk/views-todo";
import { PageStore } from "../../src/widget/memory";
import { type Call, json, liveStream, scripted } from "../make";

const NOW = Date.parse("2026-11-23T09:00:00+08:00");
const USER = { csrf_token: "secret", user: { username: "agent1", name: "李敏", roles: ["agent"] } };
const PHONE = "13800138000";

function ticket(more: Partial<Ticket> = {}): Ticket {
  return {
    number: "HF20261122-000001",
    kind: "callback",
    severity: "一般",
    repeat: false,
    state: "NEW",
    owner: "人工客服回电组",
    due: "2026-11-23T10:00:00+08:00",
    first_response_due: "2026-11-23T10:00:00+08:00",
    provisional: false,
    conversation_id: "c1",
    overdue: false,
    facts: "房贷利率是多少",
    reason: "客户要求人工",
    taken_by: null,
    mine: false,
    may_work: true,
    ...more,
  };
}

const complaint = (more: Partial<Ticket> = {}) =>
  ticket({ number: "TS20261122-000001", kind: "complaint", due: "2026-12-01T17:30:00+08:00", ...more });

const waiting = (id: string): Item => ({
  conversation_id: id,
  channel: "web",
  state: "QUEUED",
  epoch: 2,
  last_seq: 1,
});

async function setUp(tickets: Ticket[], override: (call: Call) => Response | null = () => null) {
  const stream = liveStream();
  const server = scripted((call) => {
    const own = override(call);
    if (own) return own;
    if (call.path === "/api/desk/session") return json(USER);
    if (call.path === "/api/desk/page")
      return json({ bank: "示范银行", categories: [], transfer_queues: [] });
    if (call.path === "/api/desk/events") return stream.response;
    if (call.path === "/api/desk/tickets?state=open") return json({ tickets });
    if (call.path.endsWith("/contact")) return json({ contact: PHONE });
    return json({});
  });
  const desk = new Desk({
    api: new DeskApi(server.fetcher),
    store: new PageStore(),
    labels: () => zh,
    ring: () => undefined,
    changed: () => undefined,
  });
  await desk.start();
  await settle();
  const queue = async (...ids: string[]) => {
    const view: DeskView = {
      now: "2026-11-23T09:00:00+08:00",
      presence: "ready",
      limit: 3,
      queue: ids.map(waiting),
      offers: [],
      mine: [],
    };
    stream.send("desk", view);
    await settle();
  };
  const asked = (path: string) => server.calls.filter((call) => call.path.endsWith(path));
  const page = document.createElement("div");
  const draw = () => {
    render(todoView({ desk, labels: zh }), page);
    return page;
  };
  const press = async (words: string) => {
    const buttons = [...draw().querySelectorAll("button")];
    const button = buttons.find((one) => one.textContent?.trim() === words);
    if (!button) throw new Error(`no button ${words} among ${buttons.map((one) => one.textContent)}`);
    button.click();
    await settle();
    draw();
  };
  await queue();
  return { desk, queue, asked, draw, press, page };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("what is to be done", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is listed at sign-in, every half minute, and when somebody has left the queue", async () => {
    const { asked, queue } = await setUp([ticket()]);
    const list = "/tickets?state=open";
    expect(asked(list)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(asked(list)).toHaveLength(2);
    await queue("c1", "c2");
    expect(asked(list)).toHaveLength(2);
    await queue("c2");
    expect(asked(list)).toHaveLength(3);
  });

  it("is listed when the page is seen again, but not after the sign-out", async () => {
    const { asked, desk } = await setUp([ticket()]);
    desk.hurry();
    await settle();
    expect(asked("/tickets?state=open")).toHaveLength(2);
    await desk.signOut();
    desk.hurry();
    await settle();
    expect(asked("/tickets?state=open")).toHaveLength(2);
  });

  it("is shown with its number, kind, severity, clock and what it is about", async () => {
    const { draw } = await setUp([ticket()]);
    const text = draw().textContent ?? "";
    for (const part of ["待办工单", "回电", "HF20261122-000001", "一般", "剩余 1:00:00", "房贷利率是多少"]) {
      expect(text).toContain(part);
    }
    expect(draw().querySelector(".late")).toBeNull();
  });

  it("turns red when its time has passed, also between two lists", async () => {
    const { draw } = await setUp([ticket()]);
    vi.setSystemTime(NOW + 3_601_000);
    expect(draw().querySelector(".clock.late")?.textContent).toContain("已超时 0:01");
    expect(draw().querySelector("h2 b")?.textContent).toBe("1");
  });

  it("keeps the old list and says so when a new one cannot be had", async () => {
    let down = false;
    const { desk, draw } = await setUp([ticket()], (call) =>
      down && call.path.includes("tickets") ? json({}, 503) : null,
    );
    down = true;
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(draw().textContent).toContain(zh.todo_stale);
    expect(desk.todo.list).toHaveLength(1);
    expect(desk.toast).toBe("");
    down = false;
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(draw().textContent).not.toContain(zh.todo_stale);
  });

  it("ends with the session", async () => {
    let over = false;
    const { desk } = await setUp([ticket()], (call) =>
      over && call.path.includes("tickets?") ? json({}, 401) : null,
    );
    await desk.todo.reveal("HF20261122-000001");
    over = true;
    await vi.advanceTimersByTimeAsync(POLL_MS);
    expect(desk.phase).toBe("signed-out");
    expect(desk.todo.list).toEqual([]);
    expect(desk.todo.shown("HF20261122-000001")).toBeNull();
  });

  it("is taken with the token against forged requests, and read again", async () => {
    const { press, asked } = await setUp([ticket()]);
    await press("接手");
    expect(asked("/HF20261122-000001/take")[0]?.headers.get("X-CSRF-Token")).toBe("secret");
    expect(asked("/tickets?state=open")).toHaveLength(2);
  });

  it("says who was faster", async () => {
    const { desk, press } = await setUp([ticket()], (call) =>
      call.path.endsWith("/take") ? json({ detail: "这张工单已经有人接手。", holder: "agent2" }, 409) : null,
    );
    await press("接手");
    expect(desk.toast).toBe("这张工单已经有人接手。 当前由 agent2 处理。");
  });

  it("is not offered to be taken twice, and names who has it", async () => {
    const taken = { state: "ASSIGNED", taken_by: "王芳" };
    const { draw } = await setUp([ticket(taken), complaint({ ...taken, mine: true })]);
    expect(draw().textContent).toContain("王芳 已接手");
    expect(draw().textContent).toContain("我已接手");
    expect([...draw().querySelectorAll("button")].map((one) => one.textContent?.trim())).not.toContain(
      "接手",
    );
  });

  it("of others is only shown", async () => {
    const { draw } = await setUp([complaint({ may_work: false })]);
    expect(draw().querySelectorAll("button")).toHaveLength(0);
    expect(draw().textContent).toContain(zh.todo_not_yours);
  });

  describe("the customer's number", () => {
    it("is not asked for before somebody wants to see it", async () => {
      const { asked, draw } = await setUp([ticket()]);
      expect(draw().textContent).not.toContain(PHONE);
      expect(asked("/contact")).toHaveLength(0);
    });

    it("is shown for a minute, says that reading it is on record, and is forgotten", async () => {
      const { desk, press, draw } = await setUp([ticket()]);
      await press("查看联系方式");
      expect(draw().textContent).toContain(PHONE);
      expect(draw().textContent).toContain("60 秒后隐藏。本次查看已记录在案。");
      await vi.advanceTimersByTimeAsync(SHOW_MS - 1);
      expect(draw().textContent).toContain(PHONE);
      await vi.advanceTimersByTimeAsync(1);
      expect(draw().textContent).not.toContain(PHONE);
      expect(desk.todo.shown("HF20261122-000001")).toBeNull();
    });

    it("read again counts its minute anew", async () => {
      const { press, draw } = await setUp([ticket()]);
      await press("查看联系方式");
      await vi.advanceTimersByTimeAsync(SHOW_MS / 2);
      await press("隐藏");
      expect(draw().textContent).not.toContain(PHONE);
      await press("查看联系方式");
      await vi.advanceTimersByTimeAsync(SHOW_MS / 2 + 1);
      expect(draw().textContent).toContain(PHONE);
    });

    it("may be none", async () => {
      const { press, draw } = await setUp([ticket()], (call) =>
        call.path.endsWith("/contact") ? json({ contact: null }) : null,
      );
      await press("查看联系方式");
      expect(draw().textContent).toContain(zh.todo_contact_none);
    });

    it("refused is not shown", async () => {
      const { desk, press, draw } = await setUp([complaint()], (call) =>
        call.path.endsWith("/contact") ? json({ detail: "不行" }, 403) : null,
      );
      await press("查看联系方式");
      expect(desk.toast).toBe("不行");
      expect(draw().querySelector(".contact")).toBeNull();
    });
  });

  describe("a callback", () => {
    const write = (page: HTMLElement, words: string) => {
      const box = page.querySelector("textarea");
      if (!box) throw new Error("no box for the note");
      box.value = words;
      page.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    };

    it("is done with a note", async () => {
      const { press, page, asked, draw } = await setUp([ticket()]);
      await press("已回电");
      write(page, " 客户已了解 ");
      await settle();
      expect(asked("/HF20261122-000001/done")[0]?.body).toEqual({ note: "客户已了解" });
      expect(draw().querySelector("form")).toBeNull();
    });

    it("is not done without one", async () => {
      const { press, page, asked } = await setUp([ticket()]);
      await press("已回电");
      write(page, "  ");
      await settle();
      expect(asked("/done")).toHaveLength(0);
    });

    it("keeps the note on the page until the server has it, also when a new list comes", async () => {
      const { press, page, draw } = await setUp([ticket()], (call) =>
        call.path.endsWith("/done") ? json({}, 503) : null,
      );
      await press("已回电");
      write(page, "客户已了解");
      await vi.advanceTimersByTimeAsync(POLL_MS);
      expect(draw().querySelector("textarea")?.value).toBe("客户已了解");
    });
  });

  it("a complaint is not ended like a callback", async () => {
    const { draw } = await setUp([complaint()]);
    expect([...draw().querySelectorAll("button")].map((one) => one.textContent?.trim())).toEqual([
      "接手",
      "查看联系方式",
    ]);
  });
});

describe("a due date", () => {
  it("of a complaint that nobody has begun is the first response's", () => {
    const fresh = complaint();
    expect(dueWords(fresh, NOW, zh)).toBe("剩余 1:00:00");
    expect(dueWords({ ...fresh, state: "ASSIGNED" }, NOW, zh)).toBe("办结期限 12/1 17:30");
    const early = NOW - 2 * 86_400_000;
    expect(dueWords(fresh, early, zh)).toBe("首次响应期限 11/23 10:00");
    expect(dueWords(ticket(), early, zh)).toBe("办结期限 11/23 10:00");
    expect(isLate(fresh, NOW + 3_600_001)).toBe(true);
    expect(isLate({ ...fresh, state: "ASSIGNED" }, NOW + 3_600_001)).toBe(false);
  });

  it("is the server's next clock where it names one", () => {
    const next = { label: "首次答复", due_at: "2026-11-20T10:00:00+08:00", breached: true };
    const running = complaint({ state: "INVESTIGATING", overdue: true, next });
    expect(dueWords(running, NOW, zh)).toBe("已超时，期限 11/20 10:00");
    const far = { ...next, due_at: "2026-11-26T10:00:00+08:00", breached: false };
    expect(dueWords({ ...running, next: far }, NOW, zh)).toBe("首次答复 期限 11/26 10:00");
  });

  it("long past is a date, in either language", () => {
    const old = ticket({ due: "2026-11-20T10:00:00+08:00", first_response_due: "2026-11-20T10:00:00+08:00" });
    expect(dueWords(old, NOW, zh)).toBe("已超时，期限 11/20 10:00");
    expect(dueWords(old, NOW, en)).toContain("11/20 10:00");
  });

  it("the server's word counts where the clocks differ", () => {
    expect(isLate(ticket({ overdue: true }), NOW)).toBe(true);
  });
});
