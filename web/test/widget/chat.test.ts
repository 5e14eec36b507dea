// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatApi } from "../../src/widget/api";
import { Chat } from "../../src/widget/chat";
import { browser, type Call, json, liveStream, said, scripted, status } from "../make";

const SERVER = "https://bank.example";

/** A server with one stream a conversation; a test overrides single answers. */
function setUp(
  override: (call: Call, calls: Call[]) => Response | Promise<Response> | null = () => null,
  tab = browser(SERVER),
) {
  const streams: ReturnType<typeof liveStream>[] = [];
  let conversations = 0;
  const server = scripted((call, calls) => {
    const own = override(call, calls);
    if (own) return own;
    if (call.path === "/api/chat/page") return json({ bank: { name: "示范银行" } });
    if (call.path === "/api/chat/conversations") {
      conversations += 1;
      return json({ conversation_id: `c${conversations}`, token: `t${conversations}` }, 201);
    }
    if (call.path === "/api/chat/messages") return json({ seq: 2 }, 202);
    if (call.path.startsWith("/api/chat/events")) {
      const made = liveStream();
      streams.push(made);
      return made.response;
    }
    return json({}, 202);
  });
  const chat = new Chat({
    api: new ChatApi(SERVER, server.fetcher),
    memory: tab.memory(),
    pageUrl: "https://host.example/",
    changed: () => undefined,
  });
  const asked = (path: string) => server.calls.filter((call) => call.path.startsWith(path));
  return { chat, tab, streams, asked };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("chat", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks the server for nothing until the customer opens it", async () => {
    const { chat, asked } = setUp();
    chat.resume();
    await settle();
    expect(asked("/")).toEqual([]);
  });

  it("begins a conversation when opened, and keeps its token for the next page", async () => {
    const { chat, tab, asked } = setUp();
    tab.memory().setFlag("large", true);
    chat.open();
    await settle();
    expect(asked("/api/chat/conversations")[0]?.body).toEqual({
      channel_context: { page: "https://host.example/", large_type: true },
    });
    expect(asked("/api/chat/events?after=0")[0]?.headers.get("Authorization")).toBe("Bearer t1");
    expect(tab.memory().conversation()).toEqual({ conversation_id: "c1", token: "t1" });
    chat.dispose();
  });

  it("tells the server once when the type becomes large in the middle of a conversation", async () => {
    const { chat, tab, asked } = setUp();
    chat.open();
    await settle();
    tab.memory().setFlag("large", true);
    chat.send("你好");
    await settle();
    chat.send("几点开门");
    await settle();
    expect(asked("/api/chat/messages").map((call) => call.body)).toEqual([
      { text: "你好", large_type: true },
      { text: "几点开门" },
    ]);
    chat.dispose();
  });

  it("never puts the token into an address", async () => {
    const { chat, asked } = setUp();
    chat.open();
    chat.send("你好");
    await settle();
    expect(asked("/").filter((call) => call.path.includes("t1"))).toEqual([]);
    chat.dispose();
  });

  it("goes on from the last number after a lost line", async () => {
    const { chat, streams, asked } = setUp();
    chat.open();
    await settle();
    streams[0]?.send("event", said(1, "bot"));
    streams[0]?.send("event", said(2, "customer"));
    await settle();
    streams[0]?.end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked("/api/chat/events?after=2")).toHaveLength(1);
    streams[1]?.send("event", said(2, "customer"));
    streams[1]?.send("event", said(3, "bot"));
    await settle();
    expect(chat.log.events.map((event) => event.seq)).toEqual([1, 2, 3]);
    chat.dispose();
  });

  it("polls when streams do not get through, and tries the stream again now and then", async () => {
    let polls = 0;
    const { chat, asked } = setUp((call) => {
      if (!call.path.startsWith("/api/chat/events")) return null;
      if (call.headers.get("Accept") !== "application/json") return json({}, 502);
      polls += 1;
      const answer = json({ events: [said(polls, "bot")], ...status({ last_seq: polls }) });
      const wait = Number(new URLSearchParams(call.path.split("?")[1]).get("wait"));
      return new Promise((resolve) => setTimeout(() => resolve(answer), wait * 1000));
    });
    const tried = () =>
      asked("/api/chat/events").filter((call) => call.headers.get("Accept") !== "application/json");
    chat.open();
    await vi.advanceTimersByTimeAsync(3_000);
    expect([tried().length, polls, chat.link]).toEqual([2, 2, "live"]);
    expect(chat.log.lastSeq).toBe(1);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(tried()).toHaveLength(3);
    expect(chat.link).toBe("live");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(tried()).toHaveLength(3);
    chat.dispose();
  });

  it("starts anew when the session has expired, says so, and sends what was unsent", async () => {
    const tab = browser(SERVER);
    tab.memory().keepConversation({ conversation_id: "old", token: "old" });
    const { chat, asked } = setUp(
      (call) => (call.headers.get("Authorization") === "Bearer old" ? json({}, 401) : null),
      tab,
    );
    chat.open();
    chat.send("还在吗");
    await settle();
    expect(chat.restarted).toBe("expired");
    expect(tab.memory().conversation()?.token).toBe("t1");
    const sent = asked("/api/chat/messages").filter(
      (call) => call.headers.get("Authorization") === "Bearer t1",
    );
    expect(sent.map((call) => call.body)).toEqual([{ text: "还在吗" }]);
    chat.dispose();
  });

  it("does not begin one conversation after another when the server refuses every token", async () => {
    const { chat, asked } = setUp((call) =>
      call.path.startsWith("/api/chat/events") ? json({}, 401) : null,
    );
    chat.open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(chat.phase).toBe("failed");
    expect(asked("/api/chat/conversations")).toHaveLength(1);
    chat.dispose();
  });

  it("names the former conversation when the customer writes after its end", async () => {
    const { chat, streams, asked } = setUp();
    chat.open();
    await settle();
    streams[0]?.send("event", said(1, "bot"));
    streams[0]?.send("status", status());
    streams[0]?.send("status", status({ state: "CLOSED", holder: null }));
    await settle();
    expect(asked("/api/chat/conversations")).toHaveLength(1);
    chat.send("还有一个问题");
    await settle();
    expect(asked("/api/chat/conversations")[1]?.body).toMatchObject({
      channel_context: { former_token: "t1" },
    });
    expect(asked("/api/chat/messages").map((call) => call.headers.get("Authorization"))).toEqual([
      "Bearer t2",
    ]);
    expect(chat.past.events).toHaveLength(1);
    chat.dispose();
  });

  it("answers a survey in the conversation that it belongs to, also when that has ended", async () => {
    const { chat, streams, asked } = setUp();
    chat.open();
    await settle();
    streams[0]?.send("status", status({ state: "WRAP_UP" }));
    streams[0]?.send("status", status({ state: "CLOSED" }));
    await settle();
    chat.choose({ id: "rate_3", label: "满意" });
    await settle();
    expect(asked("/api/chat/messages")[0]?.headers.get("Authorization")).toBe("Bearer t1");
    expect(asked("/api/chat/conversations")).toHaveLength(1);
    chat.dispose();
  });

  it("sends words that the survey asked for there too, and what is written next to a new conversation", async () => {
    const { chat, streams, asked } = setUp();
    chat.open();
    await settle();
    streams[0]?.send("status", status({ state: "WRAP_UP" }));
    streams[0]?.send("event", said(1, "system", { kind: "survey", input: "text" }));
    streams[0]?.send("status", status({ state: "CLOSED" }));
    await settle();
    chat.send("态度很好");
    await settle();
    expect(asked("/api/chat/messages")[0]?.headers.get("Authorization")).toBe("Bearer t1");
    expect(asked("/api/chat/conversations")).toHaveLength(1);
    streams[0]?.send("event", said(2, "customer", { text: "态度很好" }));
    await settle();
    chat.send("房贷利率多少");
    await settle();
    expect(asked("/api/chat/conversations")).toHaveLength(2);
    chat.dispose();
  });

  it("waits quietly, closed, when the conversation of an earlier visit has ended", async () => {
    const tab = browser(SERVER);
    tab.memory().keepConversation({ conversation_id: "c0", token: "t0" });
    const { chat, streams, asked } = setUp(() => null, tab);
    chat.resume();
    await settle();
    streams[0]?.send("status", status({ state: "CLOSED" }));
    await settle();
    expect(chat.phase).toBe("idle");
    expect(asked("/api/chat/conversations")).toEqual([]);
    expect(tab.memory().conversation()).toBeNull();
  });

  it("keeps trying to begin while the server is away", async () => {
    const { chat, asked } = setUp((call, calls) => {
      const tries = calls.filter((one) => one.path === call.path).length;
      return call.path === "/api/chat/conversations" && tries < 3 ? json({}, 503) : null;
    });
    chat.open();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked("/api/chat/conversations")).toHaveLength(3);
    expect(chat.phase).toBe("ready");
    chat.dispose();
  });

  it("shows the server's reason when it will not begin", async () => {
    const { chat } = setUp((call) =>
      call.path === "/api/chat/conversations" ? json({ detail: "来源未获允许" }, 403) : null,
    );
    chat.open();
    await settle();
    expect([chat.phase, chat.problem]).toEqual(["failed", "来源未获允许"]);
    chat.dispose();
  });

  it("tells of typing at most every three seconds", async () => {
    const { chat, streams, asked } = setUp();
    chat.open();
    await settle();
    streams[0]?.send("status", status());
    await vi.advanceTimersByTimeAsync(3_000);
    for (let second = 0; second < 6; second += 1) {
      chat.typing();
      chat.typing();
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(asked("/api/chat/typing")).toHaveLength(2);
    chat.dispose();
  });

  it("follows another tab into its conversation", async () => {
    const { chat, tab, asked } = setUp();
    chat.open();
    await settle();
    tab.memory().keepConversation({ conversation_id: "c9", token: "t9" });
    chat.followOtherTab();
    await settle();
    expect(asked("/api/chat/events").map((call) => call.headers.get("Authorization"))).toEqual([
      "Bearer t1",
      "Bearer t9",
    ]);
    chat.dispose();
  });
});
