// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatApi } from "../../src/widget/api";
import { Chat } from "../../src/widget/chat";
import { browser, type Call, json, liveStream, said, scripted, status } from "../make";

const SERVER = "https://bank.example";
const CONFLICT = { type: "urn:qiantai:problem:conflict", status: 409 };
const CLOSED = { type: "urn:qiantai:problem:conversation-closed", status: 409 };

/** A server whose streams tell the state at once; a test says what becomes of the link. */
function setUp(
  bound: (call: Call, times: number) => Response | Promise<Response> = () => json({}),
  tab = browser(SERVER),
  state: (token: string) => string = () => "BOT",
) {
  const streams: Record<string, ReturnType<typeof liveStream>> = {};
  let conversations = 0;
  const server = scripted((call, calls) => {
    const token = call.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
    if (call.path === "/api/chat/conversations") {
      conversations += 1;
      return json({ conversation_id: `c${conversations}`, token: `t${conversations}` }, 201);
    }
    if (call.path === "/api/chat/bind") {
      return bound(call, calls.filter((one) => one.path === call.path).length);
    }
    if (call.path === "/api/chat/messages") return json({ seq: 9 }, 202);
    if (call.path.startsWith("/api/chat/events")) {
      const made = liveStream();
      streams[token] = made;
      made.send("event", said(1, "bot"));
      made.send("status", status({ state: state(token) as "BOT" }));
      return made.response;
    }
    return json({});
  });
  const open = () =>
    new Chat({
      api: new ChatApi(SERVER, server.fetcher),
      memory: tab.memory(),
      pageUrl: "https://host.example/",
      changed: () => undefined,
    });
  const asked = (path: string) => server.calls.filter((call) => call.path === path);
  /** Who was told of which link. */
  const told = () =>
    asked("/api/chat/bind").map((call) => [
      call.headers.get("Authorization"),
      (call.body as { link: string }).link,
    ]);
  return { chat: open(), reload: open, tab, streams, asked, told };
}

function earlier(at = Date.now()) {
  const tab = browser(SERVER);
  tab.memory().keepConversation({ conversation_id: "old", token: "old" });
  tab.memory().keepUnsent({ key: "k0", body: { text: "别人的话" }, shown: "别人的话", at: at - 60_000 });
  return tab;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("whose conversation it is", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is told once the conversation has started, and once only", async () => {
    const { chat, streams, told } = setUp();
    chat.identify("a~b~c");
    await settle();
    expect(told()).toEqual([]);
    chat.open();
    await settle();
    streams.t1?.send("status", status({ last_seq: 2 }));
    chat.identify("a~b~c");
    chat.hurry();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told()).toEqual([["Bearer t1", "a~b~c"]]);
    chat.dispose();
  });

  it("is told of the conversation that goes on from an earlier visit, also while the panel is closed", async () => {
    const { chat, told, asked } = setUp(() => json({}), earlier());
    chat.identify("a~b~c");
    chat.resume();
    await settle();
    expect(told()).toEqual([["Bearer old", "a~b~c"]]);
    expect(asked("/api/chat/conversations")).toEqual([]);
    chat.dispose();
  });

  it("is told when the link comes in the middle of it", async () => {
    const { chat, told } = setUp();
    chat.open();
    await settle();
    chat.identify("a~b~c");
    await settle();
    expect(told()).toEqual([["Bearer t1", "a~b~c"]]);
    chat.dispose();
  });

  it("never stands in an address", async () => {
    const { chat, asked, told } = setUp();
    chat.identify("a~b~c");
    chat.open();
    await settle();
    expect(told()).toHaveLength(1);
    expect(asked("/api/chat/bind?a~b~c")).toEqual([]);
    chat.dispose();
  });

  it("is tried again until the network is back, while the conversation goes on", async () => {
    const { chat, told, asked } = setUp((_call, times) => {
      if (times === 1) throw new TypeError("network");
      if (times === 2) return json({}, 503);
      if (times === 3) return json({}, 429, { "Retry-After": "7" });
      return json({});
    });
    chat.identify("a~b~c");
    chat.open();
    chat.send("你好");
    await settle();
    expect(asked("/api/chat/messages")).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(told()).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(told()).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told()).toHaveLength(4);
    chat.dispose();
  });

  it("is remembered over a reload until it is told, and not after", async () => {
    const { chat, reload, told } = setUp((_call, times) => json({}, times === 1 ? 503 : 200));
    chat.identify("a~b~c");
    chat.open();
    await settle();
    chat.dispose();
    const second = reload();
    second.resume();
    await settle();
    expect(told()).toHaveLength(2);
    second.dispose();
    const third = reload();
    third.resume();
    await settle();
    expect(told()).toHaveLength(2);
    third.dispose();
  });

  it.each([401, 403, 422])("a link that is refused with %i is given up without a word", async (code) => {
    const { chat, told, tab, asked } = setUp(() => json({ detail: "链接已失效" }, code));
    chat.identify("a~b~c");
    chat.open();
    chat.send("你好");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told()).toHaveLength(1);
    expect([chat.phase, chat.problem, chat.restarted]).toEqual(["ready", "", null]);
    expect(asked("/api/chat/messages")).toHaveLength(1);
    expect(asked("/api/chat/conversations")).toHaveLength(1);
    expect(tab.memory().tab("customer")).toBe("");
    chat.dispose();
  });

  it("an old visit's expired session costs the link nothing", async () => {
    const tab = earlier();
    const { chat, told } = setUp(() => json({}), tab);
    const events = vi.spyOn(ChatApi.prototype, "stream");
    events.mockImplementationOnce(async () => json({}, 401));
    chat.identify("a~b~c");
    chat.open();
    await settle();
    expect(told()).toEqual([["Bearer t1", "a~b~c"]]);
    chat.dispose();
    events.mockRestore();
  });

  it("another customer's conversation is left for a new one that names none before it", async () => {
    const { chat, told, asked, tab } = setUp(
      (call) => (call.headers.get("Authorization") === "Bearer old" ? json(CONFLICT, 409) : json({})),
      earlier(),
    );
    chat.identify("a~b~c");
    chat.open();
    chat.send("我自己的话");
    await settle();
    expect(told()).toEqual([
      ["Bearer old", "a~b~c"],
      ["Bearer t1", "a~b~c"],
    ]);
    expect(asked("/api/chat/conversations")[0]?.body).toEqual({
      channel_context: { page: "https://host.example/" },
    });
    expect(tab.memory().conversation()?.token).toBe("t1");
    expect(chat.restarted).toBe("foreign");
    chat.dispose();
  });

  it("nothing of the other customer's is shown to this one or said in his name", async () => {
    const { chat, asked } = setUp(
      (call) => (call.headers.get("Authorization") === "Bearer old" ? json(CONFLICT, 409) : json({})),
      earlier(),
    );
    chat.identify("a~b~c");
    chat.open();
    chat.send("我自己的话");
    await settle();
    expect(chat.past.events).toEqual([]);
    const sent = asked("/api/chat/messages");
    expect(sent.map((call) => [call.headers.get("Authorization"), call.body])).toEqual([
      ["Bearer t1", { text: "我自己的话" }],
    ]);
    chat.dispose();
  });

  it("another customer's conversation is let go quietly while the panel is closed", async () => {
    const { chat, asked, told, tab } = setUp(
      (call) => (call.headers.get("Authorization") === "Bearer old" ? json(CONFLICT, 409) : json({})),
      earlier(),
    );
    chat.identify("a~b~c");
    chat.resume();
    await settle();
    expect([chat.phase, tab.memory().conversation()]).toEqual(["idle", null]);
    expect(asked("/api/chat/conversations")).toEqual([]);
    chat.open();
    await settle();
    expect(told()).toHaveLength(2);
    chat.dispose();
  });

  it("does not begin one conversation after another where the server calls every one another's", async () => {
    const { chat, asked } = setUp(() => json(CONFLICT, 409));
    chat.identify("a~b~c");
    chat.open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked("/api/chat/conversations")).toHaveLength(2);
    expect(chat.phase).toBe("ready");
    chat.dispose();
  });

  it("a conversation that ended meanwhile is followed by one that names it", async () => {
    const { chat, told, asked } = setUp(
      (call) => (call.headers.get("Authorization") === "Bearer old" ? json(CLOSED, 409) : json({})),
      earlier(),
    );
    chat.identify("a~b~c");
    chat.open();
    await settle();
    expect(asked("/api/chat/conversations")[0]?.body).toMatchObject({
      channel_context: { former_token: "old" },
    });
    expect(told()).toHaveLength(2);
    chat.dispose();
  });

  it("a conversation known to have ended is not told of", async () => {
    const { chat, told } = setUp(
      () => json({}),
      earlier(),
      (token) => (token === "old" ? "CLOSED" : "BOT"),
    );
    chat.identify("a~b~c");
    chat.open();
    await settle();
    expect(told()).toEqual([["Bearer t1", "a~b~c"]]);
    chat.dispose();
  });

  it("a second link takes the place of the first", async () => {
    const { chat, told } = setUp((call) =>
      json({}, (call.body as { link: string }).link === "a~b~c" ? 503 : 200),
    );
    chat.identify("a~b~c");
    chat.open();
    await settle();
    chat.identify("d~e~f");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told().map(([, link]) => link)).toEqual(["a~b~c", "d~e~f"]);
    chat.dispose();
  });
});
