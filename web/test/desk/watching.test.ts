// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { DeskApi } from "../../src/desk/api";
import { zh } from "../../src/desk/labels.zh";
import { DeskLine } from "../../src/desk/line";
import { fill } from "../../src/shared/fill";
import { type Call, json, liveStream, said, scripted } from "../make";
import { atNow, item, NOW, openConsole } from "./console";

const TALK = {
  package: {},
  events: [said(1, "customer")],
  state: "HUMAN",
  holder: "bert",
  epoch: 5,
  clocks: [],
};
const PAGE = {
  bank: { name: "示范银行" },
  categories: [],
  transfer_queues: [{ id: "agent:bert", label: "王芳" }],
};

/** A supervisor who opens what his colleague holds. */
function leads(rights: string[], talk: object = TALK) {
  return ({ path, method }: Call): Response | null => {
    if (path.endsWith("/session"))
      return json({ csrf_token: "s", user: { username: "boss1", name: "周宁", rights } });
    if (path.endsWith("/page")) return json({ ...PAGE, quiet_s: 180 });
    if (path.endsWith("/conversations/c9")) return json(talk);
    if (path.endsWith("/takeover") && method === "POST") return json({ epoch: 6 });
    return null;
  };
}

const streams = (calls: Call[]) => calls.map((one) => one.path).filter((one) => one.includes("/events"));

describe("a colleague's conversation", () => {
  atNow();

  it("is watched as it goes on, and named so", async () => {
    const { app, calls } = await openConsole("#/talks/c9", { mine: [] }, leads(["take_over", "read_any"]));
    expect(streams(calls)).toEqual(["/api/desk/events", "/api/desk/events?watch=c9"]);
    expect(app.querySelector(".talk-head")?.textContent).toContain(fill(zh.watching, { name: "王芳" }));
    expect(app.querySelector(".lost")).toBeNull();
  });

  it("is watched no more when another one is open", async () => {
    const { calls, to } = await openConsole("#/talks/c9", { mine: [] }, leads(["take_over", "read_any"]));
    await to("#/talks");
    expect(streams(calls).at(-1)).toBe("/api/desk/events");
  });

  it("is only read by who may not take over", async () => {
    const { app, calls } = await openConsole("#/talks/c9", { mine: [] }, leads(["read_any"]));
    expect(streams(calls)).toEqual(["/api/desk/events"]);
    expect(app.querySelector(".talk-head")?.textContent).not.toContain(zh.take_over);
  });

  it("is taken over with a reason", async () => {
    const { app, calls, click } = await openConsole(
      "#/talks/c9",
      { mine: [] },
      leads(["take_over", "read_any"]),
    );
    await click(zh.take_over);
    const form = app.querySelector("dialog form") as HTMLFormElement;
    const why = form.elements.namedItem("reason") as HTMLTextAreaElement;
    expect(why.required).toBe(true);
    why.value = "客户要求主管处理";
    form.dispatchEvent(new SubmitEvent("submit", { cancelable: true, bubbles: true }));
    await vi.advanceTimersByTimeAsync(0);
    const [taken] = calls.filter((one) => one.path.endsWith("/takeover"));
    expect(taken?.body).toEqual({ epoch: 5, reason: "客户要求主管处理" });
    await app.updateComplete;
    expect(app.querySelector("dialog")).toBeNull();
  });

  it("keeps the reason for taking it over through a reload", async () => {
    const rights = ["take_over", "read_any"];
    const first = await openConsole("#/talks/c9", {}, leads(rights));
    await first.click(zh.take_over);
    const why = first.app.querySelector<HTMLTextAreaElement>("dialog textarea");
    if (why) why.value = "客户要求主管处理";
    why?.dispatchEvent(new Event("input", { bubbles: true }));
    first.app.remove();
    const { app, settle } = await openConsole("#/talks/c9", {}, leads(rights));
    await settle();
    expect(app.querySelector<HTMLTextAreaElement>("dialog textarea")?.value).toBe("客户要求主管处理");
    app.remove();
    const other = await openConsole("#/talks/c9", {}, leads(["read_any"]));
    await other.settle();
    expect(other.app.querySelector("dialog")).toBeNull();
  });
});

describe("reading, which goes on record", () => {
  atNow();
  const reads = (calls: Call[]) => calls.filter((one) => one.path.endsWith("/conversations/c9")).length;
  const behind = () => vi.advanceTimersByTimeAsync(2_000);

  it("is not done again with everything that happens at the desk", async () => {
    const { calls, show } = await openConsole("#/talks/c9", {}, leads(["take_over", "read_any"]));
    const before = reads(calls);
    for (const last_seq of [2, 3]) {
      await show({ mine: [item("c1", "存款", { last_seq })] });
      await behind();
    }
    expect(reads(calls)).toBe(before);
  });

  it("is done once for what has left the lists, to tell where it went", async () => {
    const { calls, show } = await openConsole(
      "#/talks/c9",
      { queue: [item("c9", "理财", { state: "QUEUED" })] },
      leads(["take_over", "read_any"]),
    );
    const before = reads(calls);
    for (const last_seq of [2, 3]) {
      await show({ mine: [item("c1", "存款", { last_seq })] });
      await behind();
    }
    expect(reads(calls)).toBe(before + 1);
  });

  it("is not done for what is no longer before him, also when the line is back", async () => {
    const queue = [item("c9", "理财", { state: "QUEUED" })];
    const { calls, show, to, stream } = await openConsole(
      "#/talks/c9",
      { queue },
      leads(["take_over", "read_any"]),
    );
    await to("#/talks/c1");
    const before = reads(calls);
    await show({ queue: [item("c9", "理财", { state: "QUEUED", last_seq: 5 })] });
    await behind();
    await show({});
    await behind();
    stream.end();
    await behind();
    await show({});
    expect(reads(calls)).toBe(before);
    expect(calls.filter((one) => one.path.endsWith("/conversations/c1")).length).toBeGreaterThan(1);
  });
});

describe("a colleague's conversation that the stream does not show", () => {
  atNow();
  const refused = (talks: ReturnType<typeof leads>) => (call: Call) =>
    call.path.includes("watch=") ? json({}, 403) : talks(call);
  const watchings = (calls: Call[]) => streams(calls).filter((path) => path.includes("watch=")).length;

  it("is asked for once, until it is opened anew", async () => {
    const { app, calls, show, click, settle, to } = await openConsole(
      "",
      {},
      refused(leads(["take_over", "read_any"])),
    );
    await to("#/talks/c9");
    await vi.advanceTimersByTimeAsync(3_000);
    for (const limit of [3, 4]) await show({ limit });
    await vi.advanceTimersByTimeAsync(3_000);
    await app.updateComplete;
    expect(watchings(calls)).toBe(1);
    expect(app.querySelector(".lost")).toBeNull();
    expect(app.querySelector(".talk-head")?.textContent).toContain(fill(zh.watching_still, { name: "王芳" }));
    await click(zh.look_again);
    await settle();
    expect(watchings(calls)).toBe(2);
  });

  it("says that it stands still, and is read again when one wants to", async () => {
    const talks = leads(["take_over", "read_any"]);
    let down = false;
    const view = { now: NOW, presence: "ready", limit: 3, queue: [], offers: [], mine: [] };
    const { app, calls, click, stream } = await openConsole("#/talks/c9", {}, (call) => {
      if (!down || !call.path.includes("/events")) return talks(call);
      if (!call.path.includes("wait=")) return json({}, 502);
      return call.path.endsWith("since=")
        ? json({ view, mark: "m" })
        : new Promise<Response>(() => undefined);
    });
    const head = () => app.querySelector(".talk-head")?.textContent ?? "";
    expect(head()).toContain(fill(zh.watching, { name: "王芳" }));
    down = true;
    stream.end();
    await vi.advanceTimersByTimeAsync(20_000);
    await app.updateComplete;
    expect(app.querySelector(".lost")).toBeNull();
    expect(head()).toContain(fill(zh.watching_still, { name: "王芳" }));
    const reads = () => calls.filter((one) => one.path.endsWith("/conversations/c9")).length;
    const before = reads();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads()).toBe(before);
    await click(zh.look_again);
    expect(reads()).toBe(before + 1);
  });
});

describe("the agent whose conversation was taken over", () => {
  atNow();

  it("reads by whom and why, also when he comes back to it", async () => {
    const { app, stream, settle } = await openConsole("#/talks/c1");
    const frame = {
      conversation_id: "c1",
      events: [],
      state: "HUMAN",
      holder: "agent1", // What was taken over has been given back by then: he reads all the same why.
      epoch: 4,
      last_seq: 1,
    };
    stream.send("conversation", { ...frame, gone: true, taken_over: { by: "周宁", why: "客户要求" } });
    await settle();
    const words = fill(zh.taken_over, { name: "周宁", why: "客户要求" });
    expect(app.querySelector(".toast")?.textContent).toBe(words);
    await vi.advanceTimersByTimeAsync(7_000);
    await app.updateComplete;
    expect(app.querySelector(".toast")?.textContent).toBe("");
    expect(app.querySelector(".compose .trouble")?.textContent).toBe(words);
  });
});

describe("a customer who says nothing more", () => {
  atNow();

  it("is shown so in list and conversation once that is long", async () => {
    const since = new Date(Date.parse(NOW) - 170_000).toISOString();
    const mine = [item("c1", "存款", { quiet_since: since })];
    const { app } = await openConsole("#/talks/c1", { mine }, leads([]));
    expect(app.textContent).not.toContain("没有回应");
    await vi.advanceTimersByTimeAsync(11_000);
    expect(app.querySelector(".side .current")?.textContent).toContain(fill(zh.quiet, { t: "3:01" }));
    expect(app.querySelector(".talk-head")?.textContent).toContain("没有回应");
  });
});

describe("a customer who is upset", () => {
  atNow();

  it("is marked in the list", async () => {
    const { app } = await openConsole("", {
      mine: [
        item("c1", "存款", { mood: "strong" }),
        item("c2", "理财"),
        item("c3", "贷款", { mood: "tense" }),
        item("c4", "汇款", { mood: "furious" as "calm" }),
      ],
    });
    const moods = [zh.mood_strong, zh.mood_tense];
    const cards = [...app.querySelectorAll(".side .card")].map(
      (one) => moods.find((word) => one.textContent?.includes(word)) ?? "",
    );
    expect(cards).toEqual(["激动", "", "着急", ""]);
    expect(app.querySelector(".side")?.textContent).not.toContain("undefined");
  });
});

describe("what one must hear of", () => {
  atNow();

  it("is asked for as soon as the stream says that there is something new", async () => {
    const { calls, show } = await openConsole("", { alerts: { count: 0, latest: 0 } });
    const asked = () => calls.filter((one) => one.path.includes("/alerts")).length;
    const before = asked();
    await show({ alerts: { count: 0, latest: 0 } });
    expect(asked()).toBe(before);
    await show({ alerts: { count: 1, latest: 7 } });
    expect(asked()).toBe(before + 1);
  });
});

describe("the line, told to watch", () => {
  it("opens anew without having been lost, and again without it where that is not allowed", async () => {
    vi.useFakeTimers();
    const [first, last] = [liveStream(), liveStream()];
    const states: boolean[] = [];
    const { fetcher, calls } = scripted(({ path }) => {
      if (path.includes("watch=")) return json({}, 403);
      return calls.length === 1 ? first.response : last.response;
    });
    const line = new DeskLine({
      api: new DeskApi(fetcher),
      onView: () => undefined,
      onConversation: () => undefined,
      onOnline: (online) => states.push(online),
      onEnded: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(0);
    first.beat();
    await vi.advanceTimersByTimeAsync(0);
    line.watch("c9");
    await vi.advanceTimersByTimeAsync(3_000);
    last.beat();
    await vi.advanceTimersByTimeAsync(0);
    expect(calls.map((one) => one.path)).toEqual([
      "/api/desk/events",
      "/api/desk/events?watch=c9",
      "/api/desk/events",
    ]);
    expect(states).toEqual([true, false, true]);
    line.stop();
    vi.useRealTimers();
  });
});

describe("a conversation of the address", () => {
  atNow();

  it("is read once when the page comes, and again after a line that was lost", async () => {
    const { calls, stream, settle } = await openConsole("#/talks/c9", { mine: [] }, leads(["read_any"]));
    const read = () => calls.filter((one) => one.path.endsWith("/conversations/c9")).length;
    expect(read()).toBe(1);
    stream.end();
    await vi.advanceTimersByTimeAsync(5_000);
    stream.send("desk", { now: NOW, presence: "busy", limit: 3, queue: [], offers: [], mine: [] });
    await settle();
    expect(read()).toBe(2);
  });
});
