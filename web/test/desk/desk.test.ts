// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeskApi } from "../../src/desk/api";
import { Desk } from "../../src/desk/desk";
import { zh } from "../../src/desk/labels.zh";
import type { DeskView, Item, Snapshot } from "../../src/desk/model";
import { readPackage } from "../../src/desk/read-package";
import { PageStore } from "../../src/widget/memory";
import { type Call, json, liveStream, said, scripted } from "../make";

const USER = { csrf_token: "secret", user: { username: "agent1", name: "李敏", roles: ["agent"] } };

function item(more: Partial<Item> = {}): Item {
  return { conversation_id: "c1", channel: "web", state: "HUMAN", epoch: 3, last_seq: 1, unread: 0, ...more };
}

function view(more: Partial<DeskView> = {}): DeskView {
  return {
    now: "2026-11-22T01:00:00Z",
    presence: "ready",
    limit: 3,
    queue: [],
    offers: [],
    mine: [],
    ...more,
  };
}

function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    package: readPackage({ topic: "理财" }),
    events: [said(1, "customer")],
    state: "HUMAN",
    holder: "agent1",
    epoch: 3,
    clocks: [],
    ...more,
  };
}

async function setUp(override: (call: Call) => Response | null = () => null, store = new PageStore()) {
  const streams: ReturnType<typeof liveStream>[] = [];
  const rung: string[] = [];
  const server = scripted((call) => {
    const own = override(call);
    if (own) return own;
    if (call.path === "/api/desk/session") return json(USER);
    if (call.path === "/api/desk/page")
      return json({ bank: { name: "示范银行" }, categories: ["理财"], transfer_queues: [] });
    if (call.path === "/api/desk/events") {
      const made = liveStream();
      streams.push(made);
      return made.response;
    }
    if (call.path === "/api/desk/conversations/c1") return json(snapshot());
    if (call.path.endsWith("/messages")) return json({ seq: 2 }, 202);
    return json({ epoch: 4 });
  });
  const desk = new Desk({
    api: new DeskApi(server.fetcher),
    store,
    labels: () => zh,
    ring: (kind) => rung.push(kind),
    changed: () => undefined,
  });
  await desk.start();
  await settle();
  const show = async (next: DeskView) => {
    streams[streams.length - 1]?.send("desk", next);
    await settle();
  };
  const posts = (action: string) =>
    server.calls.filter((call) => call.method === "POST" && call.path.endsWith(action));
  return { desk, streams, rung, show, posts, calls: server.calls, store };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("desk", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse("2026-11-22T01:00:00Z") });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("takes up a session after a reload, and asks for a sign-in without one", async () => {
    expect((await setUp()).desk.user?.name).toBe("李敏");
    const out = await setUp((call) => (call.path === "/api/desk/session" ? json({}, 401) : null));
    expect([out.desk.phase, out.desk.signInTrouble]).toEqual(["signed-out", ""]);
  });

  it("says how long to wait after too many sign-ins", async () => {
    const { desk } = await setUp((call) =>
      call.path === "/api/desk/session" ? json({}, 429, { "Retry-After": "45" }) : null,
    );
    await desk.signIn("agent1", "pw");
    expect(desk.signInTrouble).toContain("45");
  });

  it("sends the token against forged requests with every deed", async () => {
    const { desk, show, posts } = await setUp();
    await show(view({ queue: [item({ state: "QUEUED", epoch: 2 })] }));
    await desk.deeds.claim(item({ state: "QUEUED", epoch: 2 }));
    await desk.deeds.setPresence("busy");
    expect(posts("/claim")[0]?.headers.get("X-CSRF-Token")).toBe("secret");
    expect(posts("/claim")[0]?.body).toEqual({ epoch: 2 });
    expect(posts("/presence")[0]?.body).toEqual({ status: "busy" });
    expect(desk.current).toBe("c1");
  });

  it("says who was faster", async () => {
    const { desk } = await setUp((call) =>
      call.path.endsWith("/claim")
        ? json({ detail: "会话已被接入。", holder: "agent2", epoch: 5 }, 409)
        : null,
    );
    await desk.deeds.claim(item({ state: "QUEUED" }));
    expect(desk.toast).toBe("会话已被接入。 当前由 agent2 处理。");
    expect(desk.current).toBeNull();
  });

  it("rings for a new offer once, and not for the same one again", async () => {
    const { show, rung } = await setUp();
    const offer = { ...item({ state: "OFFERED" }), expires_at: "2026-11-22T01:00:20Z" };
    await show(view());
    await show(view({ offers: [offer] }));
    await show(view({ offers: [offer] }));
    expect(rung).toEqual(["offer"]);
    await show(view({ offers: [{ ...offer, epoch: 5 }] }));
    expect(rung).toEqual(["offer", "offer"]);
  });

  it("rings for a message in a conversation that is not open, and counts it until it is shown", async () => {
    const { desk, show, rung } = await setUp();
    await show(view({ mine: [item({ last_seq: 1 })] }));
    await show(view({ mine: [item({ last_seq: 3, unread: 2 })] }));
    expect(rung).toEqual(["message"]);
    expect(desk.lists.unread(item({ last_seq: 3, unread: 2 }))).toBe(2);
    desk.select("c1");
    await settle();
    expect(desk.lists.unread(item({ last_seq: 3, unread: 2 }))).toBe(0);
  });

  it("lets clocks run by the server's time", async () => {
    const { desk, show } = await setUp();
    await show(view({ now: "2026-11-22T01:05:00Z" }));
    expect(desk.lists.now - Date.now()).toBe(300_000);
  });

  it("clears the draft with the acknowledgement, not before", async () => {
    const { desk, show, posts } = await setUp();
    await show(view({ mine: [item()] }));
    desk.select("c1");
    await settle();
    desk.drafts.write("c1", "您好");
    const sending = desk.deeds.send("c1", "您好");
    expect(desk.drafts.text("c1")).toBe("您好");
    await sending;
    expect(desk.drafts.text("c1")).toBe("");
    expect(posts("/messages")[0]?.body).toEqual({ epoch: 3, text: "您好" });
    expect(posts("/messages")[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("offers the guard's completed version, sends it under a key of its own, and clears the draft", async () => {
    const { desk, posts } = await setUp((call) => {
      const body = call.body as { text?: string } | null;
      return call.path.endsWith("/messages") && body?.text === "这款理财"
        ? json(
            {
              detail: "缺提示",
              rules: ["r"],
              reasons: ["缺少风险提示"],
              completed_text: "这款理财\n风险提示",
            },
            422,
          )
        : null;
    });
    desk.select("c1");
    await settle();
    desk.drafts.write("c1", "这款理财");
    await desk.deeds.send("c1", "这款理财");
    expect(desk.talk?.verdict).toMatchObject({ completed: "这款理财\n风险提示", reasons: ["缺少风险提示"] });
    expect(desk.drafts.text("c1")).toBe("这款理财");
    await desk.deeds.send("c1", desk.talk?.verdict?.completed ?? "");
    expect([desk.talk?.verdict, desk.drafts.text("c1")]).toEqual([null, ""]);
    const keys = posts("/messages").map((call) => call.headers.get("Idempotency-Key"));
    expect(new Set(keys).size).toBe(2);
  });

  it("sends an override only with its reason", async () => {
    const { desk, posts } = await setUp();
    desk.select("c1");
    await settle();
    await desk.deeds.send("c1", "原文", { override: "客户已签署确认" });
    expect(posts("/messages")[0]?.body).toEqual({
      epoch: 3,
      text: "原文",
      override: { reason: "客户已签署确认" },
    });
  });

  it("keeps text and key when the answer is lost, so that a retry cannot arrive twice", async () => {
    let down = true;
    const { desk, posts } = await setUp((call) => {
      if (down && call.path.endsWith("/messages")) throw new TypeError("Failed to fetch");
      return null;
    });
    desk.select("c1");
    await settle();
    desk.drafts.write("c1", "您好");
    await desk.deeds.send("c1", "您好");
    expect(desk.talk?.trouble).toBe(zh.no_server);
    expect(desk.drafts.text("c1")).toBe("您好");
    down = false;
    await desk.deeds.send("c1", "您好");
    const keys = posts("/messages").map((call) => call.headers.get("Idempotency-Key"));
    expect(keys[0]).toBe(keys[1]);
    await desk.deeds.send("c1", "您好");
    expect(posts("/messages")[2]?.headers.get("Idempotency-Key")).not.toBe(keys[0]);
  });

  it("looks again when its epoch is stale, and says who holds it", async () => {
    const { desk, calls } = await setUp((call) =>
      call.path.endsWith("/messages")
        ? json({ detail: "会话已转交。", holder: "super1", epoch: 9 }, 409)
        : null,
    );
    desk.select("c1");
    await settle();
    desk.drafts.write("c1", "您好");
    const before = calls.filter((call) => call.path === "/api/desk/conversations/c1").length;
    await desk.deeds.send("c1", "您好");
    await settle();
    expect(calls.filter((call) => call.path === "/api/desk/conversations/c1").length).toBe(before + 1);
    expect(desk.talk?.trouble).toBe("会话已转交。 当前由 super1 处理。");
    expect(desk.drafts.text("c1")).toBe("您好");
  });

  it("asks for what the list names and the stream did not bring", async () => {
    let events = [said(1, "customer")];
    const { desk, show } = await setUp((call) =>
      call.path === "/api/desk/conversations/c1" ? json(snapshot({ events })) : null,
    );
    await show(view({ mine: [item()] }));
    desk.select("c1");
    await settle();
    events = [said(1, "customer"), said(2, "customer")];
    await show(view({ mine: [item({ last_seq: 2 })] }));
    expect(desk.talk?.log.lastSeq).toBe(1);
    await vi.advanceTimersByTimeAsync(1_600);
    expect(desk.talk?.log.lastSeq).toBe(2);
  });

  it("says that a conversation is gone when the server shows it no more, and asks only once", async () => {
    let ended = false;
    const { desk, show, calls } = await setUp((call) =>
      ended && call.path === "/api/desk/conversations/c1" ? json({}, 403) : null,
    );
    await show(view({ mine: [item()] }));
    desk.select("c1");
    await settle();
    ended = true;
    const before = calls.length;
    for (const now of ["2026-11-22T01:00:01Z", "2026-11-22T01:00:05Z", "2026-11-22T01:00:09Z"]) {
      await show(view({ now }));
      await vi.advanceTimersByTimeAsync(2_000);
    }
    expect(desk.talk).toMatchObject({ gone: true, trouble: "" });
    expect(calls.length).toBe(before + 1);
  });

  it("goes on from a snapshot when the line is back", async () => {
    const { desk, streams, show, calls } = await setUp();
    await show(view({ mine: [item()] }));
    desk.select("c1");
    await settle();
    const before = calls.filter((call) => call.path === "/api/desk/conversations/c1").length;
    streams[0]?.end();
    await settle();
    expect(desk.online).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await show(view({ mine: [item()] }));
    expect(desk.online).toBe(true);
    expect(calls.filter((call) => call.path === "/api/desk/conversations/c1").length).toBe(before + 1);
  });

  it("keeps drafts over a lost session, for the same agent only", async () => {
    const { desk, streams, store } = await setUp();
    desk.drafts.write("c1", "写到一半");
    streams[0]?.send("closed", {});
    await settle();
    expect([desk.phase, desk.signInTrouble]).toEqual(["signed-out", zh.session_ended]);
    expect((await setUp(() => null, store)).desk.drafts.text("c1")).toBe("写到一半");
    const other = { ...USER, user: { ...USER.user, username: "agent2" } };
    const second = await setUp((call) => (call.path === "/api/desk/session" ? json(other) : null), store);
    expect(second.desk.drafts.text("c1")).toBe("");
  });
});
