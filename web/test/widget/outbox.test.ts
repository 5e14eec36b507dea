import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../src/shared/problem";
import { Outbox, type Outgoing } from "../../src/widget/outbox";
import { browser } from "../make";

type Post = (item: Outgoing) => Promise<number>;

function setUp(post: Post, tab = browser()) {
  const refused: string[] = [];
  const outbox = new Outbox({
    memory: tab.memory(),
    post,
    lastSeq: () => 0,
    onRefused: (why) => refused.push(why),
    changed: () => undefined,
  });
  return { outbox, refused, tab };
}

const refusal = (status: number, body: Record<string, unknown> = {}, header: string | null = null) =>
  new Problem(status, String(body.detail ?? ""), body, header);

describe("outbox", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sends one after the other, in order", async () => {
    const sent: string[] = [];
    const { outbox } = setUp(async (item) => {
      sent.push(item.shown);
      return sent.length;
    });
    outbox.add({ text: "一" }, "一");
    outbox.add({ text: "二" }, "二");
    expect(sent).toEqual([]);
    outbox.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(["一", "二"]);
    expect(outbox.items.map((item) => [item.status, item.seq])).toEqual([
      ["sent", 1],
      ["sent", 2],
    ]);
  });

  it("tries again with the same key while the network is gone", async () => {
    const keys: string[] = [];
    const { outbox } = setUp(async (item) => {
      keys.push(item.key);
      if (keys.length < 4) throw new TypeError("Failed to fetch");
      return 9;
    });
    outbox.resume();
    outbox.add({ text: "你好" }, "你好");
    await vi.advanceTimersByTimeAsync(0);
    expect(outbox.items[0]).toMatchObject({ status: "waiting", detail: "network" });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    expect(outbox.items[0]?.seq).toBe(9);
  });

  it("keeps what is unsent over a reload, with its key and its order", async () => {
    const lost = setUp(async () => {
      throw new TypeError("Failed to fetch");
    });
    lost.outbox.resume();
    lost.outbox.add({ text: "一" }, "一");
    lost.outbox.add({ choice: "human" }, "转人工");
    await vi.advanceTimersByTimeAsync(0);
    const keys = lost.outbox.items.map((item) => item.key);
    lost.outbox.pause();

    const sent: string[] = [];
    const again = setUp(async (item) => sent.push(item.key), lost.tab);
    expect(again.outbox.items.map((item) => item.key)).toEqual(keys);
    again.outbox.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual(keys);
    expect(setUp(async () => 1, lost.tab).outbox.items).toEqual([]);
  });

  it("waits as long as the server asks, also when told to hurry", async () => {
    let calls = 0;
    const { outbox } = setUp(async () => {
      calls += 1;
      if (calls === 1) throw refusal(429, {}, "20");
      return 1;
    });
    outbox.resume();
    outbox.add({ text: "你好" }, "你好");
    await vi.advanceTimersByTimeAsync(1_000);
    outbox.hurry();
    await vi.advanceTimersByTimeAsync(18_000);
    expect([calls, outbox.items[0]?.detail]).toEqual([1, "busy"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(calls).toBe(2);
  });

  it("hurries when the network is back", async () => {
    let down = true;
    const { outbox } = setUp(async () => {
      if (down) throw new TypeError("Failed to fetch");
      return 1;
    });
    outbox.resume();
    outbox.add({ text: "你好" }, "你好");
    await vi.advanceTimersByTimeAsync(12_000);
    down = false;
    outbox.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect(outbox.items[0]?.status).toBe("sent");
  });

  it("shows a refusal beside its message and goes on with the next", async () => {
    const { outbox, tab } = setUp(async (item) => {
      if (item.shown === "长") throw refusal(422, { detail: "内容过长" });
      return 5;
    });
    outbox.resume();
    outbox.add({ text: "长" }, "长");
    outbox.add({ text: "短" }, "短");
    await vi.advanceTimersByTimeAsync(0);
    expect(outbox.items.map((item) => [item.status, item.detail])).toEqual([
      ["failed", "内容过长"],
      ["sent", ""],
    ]);
    outbox.discard(outbox.items[0]?.key ?? "");
    expect(tab.memory().unsent()).toEqual([]);
  });

  it("sends a refused message again when the customer asks for it", async () => {
    let calls = 0;
    const { outbox } = setUp(async () => {
      calls += 1;
      if (calls === 1) throw refusal(400);
      return 5;
    });
    outbox.resume();
    outbox.add({ text: "你好" }, "你好");
    await vi.advanceTimersByTimeAsync(0);
    outbox.retry(outbox.items[0]?.key ?? "");
    await vi.advanceTimersByTimeAsync(0);
    expect(outbox.items[0]).toMatchObject({ status: "sent", seq: 5 });
  });

  it.each([
    [401, {}, "expired"],
    [404, {}, "expired"],
    [410, {}, "closed"],
    [409, { type: "urn:qiantai:problem:conversation-closed" }, "closed"],
  ])("holds its messages when the conversation is gone (%i)", async (code, body, why) => {
    const { outbox, refused } = setUp(async () => {
      throw refusal(code, body);
    });
    outbox.resume();
    outbox.add({ text: "一" }, "一");
    outbox.add({ text: "二" }, "二");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refused).toEqual([why]);
    expect(outbox.items.map((item) => item.status)).toEqual(["waiting", "waiting"]);
  });

  it("takes texts and the wish for a person into a new conversation, but no other choice", () => {
    const { outbox, tab } = setUp(async () => 1);
    outbox.add({ text: "一" }, "一");
    outbox.add({ choice: "wealth.risk" }, "风险等级");
    outbox.add({ choice: "human" }, "转人工");
    outbox.moveToNewConversation();
    expect(outbox.items.map((item) => item.shown)).toEqual(["一", "转人工"]);
    expect(tab.memory().unsent()).toHaveLength(2);
  });

  it("lets go of what stands in the log", async () => {
    const { outbox } = setUp(async () => 3);
    outbox.resume();
    outbox.add({ text: "你好" }, "你好");
    await vi.advanceTimersByTimeAsync(0);
    outbox.settle((seq) => seq <= 2);
    expect(outbox.items).toHaveLength(1);
    outbox.settle((seq) => seq <= 3);
    expect(outbox.items).toEqual([]);
  });
});
