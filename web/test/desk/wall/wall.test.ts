// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Call, json } from "../../make";
import { onOnePage, settle } from "../tickets/make";
import { atWall, DAY, entry, LIVE } from "./make";

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const hide = (hidden: boolean) => vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
const isLive = (call: Call) => call.path.endsWith("/wall");

describe("the wall's figures", () => {
  onOnePage();
  afterEach(() => vi.restoreAllMocks());

  it("are asked for every five seconds, a day's every minute", async () => {
    const { asked } = await atWall();
    expect(asked("/wall")).toEqual(["/api/desk/wall", "/api/desk/wall/day"]);
    await pass(60_000);
    expect(asked("/wall").filter((path) => path.endsWith("/wall"))).toHaveLength(13);
    expect(asked("wall/day")).toHaveLength(2);
  });

  it("are asked for by nobody who may not see them", async () => {
    const { desk, asked } = await atWall(["desk", "serve"]);
    desk.hurry();
    await pass(60_000);
    expect([desk.where.place.view, asked("/wall")]).toEqual(["talks", []]);
  });

  it("rest while the page is hidden or another place is shown, and come at once with it", async () => {
    const { desk, asked } = await atWall();
    const count = () => asked("/wall").length;
    hide(true);
    await pass(120_000);
    expect(count()).toBe(2);
    hide(false);
    desk.hurry();
    await settle();
    expect(count()).toBe(4);
    desk.where.follow("#/board");
    await pass(120_000);
    expect(count()).toBe(4);
    desk.where.follow("#/wall");
    await settle();
    expect(count()).toBe(6);
  });

  it("say since when they stand when they cannot be had, until they are there again", async () => {
    let down = false;
    const { desk, words, press } = await atWall(undefined, (call) =>
      down && isLive(call) ? json({ detail: "数据库忙。" }, 503) : null,
    );
    expect(words()).toContain("截至 10:00");
    down = true;
    await pass(5_000);
    expect(words()).toContain("数字停在 10:00，没有更新：");
    expect(words()).not.toContain("截至");
    expect(desk.wall.live.value?.waiting_total).toBe(2);
    down = false;
    await press("重试");
    expect(words()).not.toContain("数字停在");
  });

  it("of an older question are dropped", async () => {
    const held: ((answer: Response) => void)[] = [];
    let hold = false;
    const { desk, asked } = await atWall(undefined, (call) =>
      hold && isLive(call) ? (new Promise<Response>((resolve) => held.push(resolve)) as never) : null,
    );
    hold = true;
    desk.hurry();
    desk.hurry();
    await settle();
    held[1]?.(json({ ...LIVE, waiting_total: 8 }));
    await settle();
    held[0]?.(json({ ...LIVE, waiting_total: 7 }));
    await settle();
    expect(desk.wall.live.value?.waiting_total).toBe(8);
    hold = false;
    const before = asked("/wall").length;
    await pass(5_000);
    expect(asked("/wall").length - before).toBe(1); // One clock runs, not two.
  });

  it("of another day are asked for once, and those of the day before it are gone at once", async () => {
    const { desk, asked } = await atWall();
    const picked = desk.wall.pick("2026-11-20");
    expect(desk.wall.figures.value).toBeNull();
    await picked;
    await pass(180_000);
    expect(asked("wall/day?")).toEqual(["/api/desk/wall/day?day=2026-11-20"]);
    await desk.wall.pick(null);
    expect(asked("wall/day").at(-1)).toBe("/api/desk/wall/day");
  });

  it("of a day that did not come are asked for again", async () => {
    let down = true;
    const { desk } = await atWall(undefined, ({ path }) =>
      down && path.endsWith("day=2026-11-20") ? json({}, 503) : null,
    );
    await desk.wall.pick("2026-11-20");
    expect([desk.wall.figures.value, desk.wall.figures.trouble === ""]).toEqual([null, false]);
    down = false;
    await pass(60_000);
    expect([desk.wall.figures.value?.day, desk.wall.figures.trouble]).toEqual([DAY.day, ""]);
  });

  it("are gone with the sign-out, and nothing asks any more", async () => {
    const { desk, asked } = await atWall();
    await desk.wall.look({ hour: 9 });
    await desk.wall.crew.open("agent1");
    await desk.signOut();
    const { live, figures, drill, crew } = desk.wall;
    expect([live.value, figures.value, drill.filter, drill.entries, crew.person]).toEqual([
      null,
      null,
      null,
      [],
      null,
    ]);
    const before = asked("/wall").length;
    await pass(120_000);
    expect(asked("/wall")).toHaveLength(before);
  });

  it("end the session where it has ended", async () => {
    let ended = false;
    const { desk } = await atWall(undefined, (call) => (ended && isLive(call) ? json({}, 401) : null));
    ended = true;
    await pass(5_000);
    expect([desk.phase, desk.wall.live.value]).toEqual(["signed-out", null]);
  });
});

describe("what is behind a figure", () => {
  onOnePage();

  it("is asked for with what it is narrowed to, page by page", async () => {
    const { desk, asked } = await atWall();
    const { drill } = desk.wall;
    await desk.wall.look({ hour: 9, reason: { id: "asked", label: "客户要求" } });
    await drill.read();
    expect(drill.entries.map((one) => one.conversation_id)).toEqual(["e1", "e2"]);
    await desk.wall.look({ mood: "strong", agent: { id: "agent1", label: "李敏" }, breached: true });
    expect(asked("wall/entries")).toEqual([
      "/api/desk/wall/entries?day=2026-11-25&hour=9&reason=asked&limit=50",
      "/api/desk/wall/entries?day=2026-11-25&hour=9&reason=asked&after=e1.2&limit=50",
      "/api/desk/wall/entries?day=2026-11-25&mood=strong&agent=agent1&breached=1&limit=50",
    ]);
  });

  it("is not shown twice where the same comes with the next page", async () => {
    const { desk, words } = await atWall(undefined, ({ path }) => {
      if (!path.includes("wall/entries")) return null;
      const later = path.includes("after=");
      const entries = later
        ? [entry("e1"), entry("e2")]
        : [entry("e1"), entry("e1", { entered_at: "10:00" })];
      return json({ entries, next: later ? null : "e1.3" });
    });
    const { drill } = desk.wall;
    await desk.wall.look({});
    expect(words()).toContain("先列出 2 次"); // A server that does not count them.
    await drill.read();
    expect(drill.entries.map((one) => one.conversation_id)).toEqual(["e1", "e1", "e2"]);
    expect(words()).toContain("共 3 次转人工");
  });

  it("is what was opened last, however late another answer comes, and closes with the day", async () => {
    const held: ((answer: Response) => void)[] = [];
    const { desk } = await atWall(undefined, ({ path }) =>
      path.includes("hour=9") ? (new Promise<Response>((resolve) => held.push(resolve)) as never) : null,
    );
    const { drill } = desk.wall;
    void desk.wall.look({ hour: 9 });
    await settle();
    await desk.wall.look({ hour: 10 });
    held[0]?.(json({ entries: [], total: 99, next: null }));
    await settle();
    expect([drill.filter?.hour, drill.total]).toEqual([10, 2]);
    void desk.wall.pick("2026-11-20");
    expect(drill.filter).toBeNull();
  });

  it("says why it did not come, and stands when it does", async () => {
    let down = true;
    const { desk, words, press } = await atWall(undefined, ({ path }) =>
      down && path.includes("wall/entries") ? json({}, 503) : null,
    );
    await desk.wall.look({});
    expect(desk.wall.drill.trouble).not.toBe("");
    expect(words()).not.toContain("没有符合的转人工");
    down = false;
    await press("重试");
    expect(desk.wall.drill.entries).toHaveLength(1);
  });
});
