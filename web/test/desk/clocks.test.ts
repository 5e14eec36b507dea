// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { type Clock, nextOf, readClocks, toneOf, worst } from "../../src/desk/clocks";
import { zh } from "../../src/desk/labels.zh";
import type { Item } from "../../src/desk/model";
import { json, said } from "../make";
import { atNow, item, NOW, openConsole } from "./console";

const START = Date.parse(NOW);
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const FIRST: Clock = {
  name: "first_answer",
  label: "首次应答",
  due_at: at(30),
  near_at: at(24),
  breached: false,
};
const HANDLING: Clock = { name: "handling", label: "处理", due_at: at(300), near_at: null, breached: false };

describe("a clock", () => {
  it("is near from when the server says, over from its end or when the server says so", () => {
    expect([23, 24, 29, 30].map((s) => toneOf(FIRST, START + s * 1000))).toEqual([
      "calm",
      "near",
      "near",
      "late",
    ]);
    expect(toneOf(HANDLING, START + 299_999)).toBe("calm"); // How close is close, the page does not know.
    expect(toneOf({ ...HANDLING, breached: true }, START)).toBe("late");
  });

  it("is read in the old shape and in the new, and skipped when it is none", () => {
    const old = { name: "handling", label: "处理", due_at: at(300), breached: false };
    expect(readClocks([FIRST, old, { name: "x", due_at: "soon" }, 5])).toEqual([FIRST, HANDLING]);
    expect([readClocks(undefined), readClocks([])]).toEqual([null, []]);
  });

  it("comes first when it ends first; the gravest tone wins", () => {
    expect([nextOf([HANDLING, FIRST]), nextOf([])]).toEqual([FIRST, null]);
    expect([worst(["near", "late", "calm"]), worst([])]).toEqual(["late", "calm"]);
  });
});

describe("clocks on the desk", () => {
  atNow();

  const tags = (root: Element, where: string) =>
    [...root.querySelectorAll(`${where} .tag`)]
      .filter((one) => one.textContent?.includes("首次应答"))
      .map((one) => [one.className.trim(), one.textContent]);

  it("run by themselves in the head and in the list, amber, then red, while nothing else is drawn", async () => {
    const { app, settle } = await openConsole("#/talks/c1", {
      mine: [item("c1", "存款", { clocks: [HANDLING, FIRST] })],
    });
    const drawn = vi.spyOn(app as unknown as { render(): unknown }, "render");
    const shown = async (seconds: number) => {
      await vi.advanceTimersByTimeAsync(seconds * 1000);
      return [tags(app, ".talk-head"), tags(app, ".side")].map((one) => one[0]);
    };
    expect(await shown(10)).toEqual([
      ["tag", "首次应答 剩余 0:20"],
      ["tag", "首次应答 剩余 0:20"],
    ]);
    expect(drawn).not.toHaveBeenCalled();
    expect((await shown(15))[0]).toEqual(["tag amber", "首次应答 剩余 0:05"]);
    expect((await shown(10))[1]).toEqual(["tag alarm", "首次应答 已超时 0:05"]);
    await settle();
  });

  it("are told once when close, once when over with a sound, and never for what was so before", async () => {
    const over = { ...HANDLING, breached: true };
    const { app, rung, show } = await openConsole("", {
      mine: [item("c1", "存款", { clocks: [FIRST] }), item("c2", "理财", { clocks: [over] })],
    });
    const spoken = () =>
      [...app.querySelectorAll("[aria-live=polite]")].map((one) => one.textContent).filter(Boolean);
    expect(spoken()).toEqual([]);
    await vi.advanceTimersByTimeAsync(25_000);
    expect([spoken(), rung()]).toEqual([["存款：首次应答即将到时限"], 0]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect([spoken(), rung()]).toEqual([["存款：首次应答已超时"], 1]);
    await show({ now: at(31), mine: [item("c1", "存款", { clocks: [{ ...FIRST, breached: true }] })] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rung()).toBe(1);
  });

  it("are those of the open conversation where the lists have none", async () => {
    const { app } = await openConsole("#/talks/c1", {}, (call) =>
      call.path.endsWith("conversations/c1")
        ? json({
            package: {},
            events: [said(1, "customer")],
            state: "HUMAN",
            holder: "agent1",
            epoch: 3,
            clocks: [{ name: "first_answer", label: "首次应答", due_at: at(30), breached: false }],
          })
        : null,
    );
    expect(tags(app, ".talk-head")).toEqual([["tag", "首次应答 剩余 0:30"]]);
  });

  it("colour a waiting customer as the server says, not by a number of the page", async () => {
    const waits = (id: string, more: Partial<Item>) =>
      item(id, "贷款", { state: "QUEUED", waiting_since: at(-900), ...more });
    const waiting: Clock = { ...FIRST, name: "waiting", label: "等待", due_at: at(60), near_at: at(-1) };
    const { app } = await openConsole("", {
      mine: [],
      queue: [waits("c3", {}), waits("c4", { alarm: true }), waits("c5", { clocks: [waiting] })],
    });
    const clocks = [...app.querySelectorAll(".side .clock")].map((one) => [one.className, one.textContent]);
    expect(clocks).toEqual([
      ["clock calm", "等待 15:00"],
      ["clock late", "等待 15:00"],
      ["clock near", "等待 15:00"],
    ]);
    expect(app.querySelector(".side .tag.amber")?.textContent).toBe("等待 剩余 1:00");
  });

  it("shrink with an offer, from what was left of it when it came", async () => {
    const offer = { ...item("c3", "贷款", { state: "OFFERED" }), expires_at: at(45) };
    const { app } = await openConsole("", { offers: [offer] });
    await vi.advanceTimersByTimeAsync(15_000);
    const bar = app.querySelector("progress");
    expect([bar?.max, bar?.value, app.querySelector(".countdown span")?.textContent]).toEqual([
      45_000,
      30_000,
      "剩余 30 秒",
    ]);
  });
});

describe("a long queue", () => {
  atNow();

  const queue = Array.from({ length: 200 }, (_, n) => item(`q${n}`, `第${n}位`, { state: "QUEUED" }));

  it("shows fifty and more on demand, and says how many wait", async () => {
    const { app, click } = await openConsole("", { mine: [], queue });
    const rows = () => app.querySelectorAll(".side .card").length;
    expect([rows(), app.querySelector(`section[aria-label="${zh.queue}"] small`)?.textContent]).toEqual([
      50,
      "200",
    ]);
    await click("更多（还有 150 位）");
    expect(rows()).toBe(100);
  });

  it("keeps each customer's row when those before him go", async () => {
    const { app, show } = await openConsole("", { mine: [], queue });
    const rowOf = (name: string) =>
      [...app.querySelectorAll(".side .card")].find((one) => one.textContent?.includes(name));
    const before = rowOf("第20位");
    await show({ mine: [], queue: queue.slice(10) });
    expect(rowOf("第20位")).toBe(before);
  });
});
