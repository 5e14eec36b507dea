// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { en } from "../../../src/desk/labels.en";
import { WallChart } from "../../../src/desk/wall/chart";
import { type Call, json } from "../../make";
import { onOnePage, settle } from "../tickets/make";
import { atWall, DAY, LIVE } from "./make";

customElements.define("wall-chart", WallChart);

/** Its words, those of each element apart. */
const flat = (one: Element | null | undefined) =>
  (one?.innerHTML ?? "")
    .replace(/<!--.*?-->/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
const rows = (page: Element, id: string) =>
  [...page.querySelectorAll(`section[aria-labelledby=${id}] tbody tr`)].map(flat);

describe("the wall", () => {
  onOnePage();

  it("shows in large figures how the desk stands, the longest wait in the colour of the gravest clock", async () => {
    const { draw } = await atWall();
    const tiles = [...draw().querySelectorAll("section[aria-label=现在] .tile")];
    expect(tiles.map(flat)).toEqual([
      "排队 2",
      "最长等待 5:00",
      "服务中 1",
      "在线坐席 1/2 忙碌 0 · 小休 1 · 离线 0",
      "今日超时 4",
      "情绪激动 1 另有 1 位着急",
    ]);
    expect(tiles.map((one) => one.classList.contains("late"))).toEqual([
      false,
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  it("lists who waits from the longest on, who is served, groups and breaches", async () => {
    const { draw } = await atWall();
    const page = draw();
    expect(rows(page, "wall-waiting")).toEqual([
      "投诉 激动 信用卡 咨询组 排队 已超时 1:00 等待 5:00 2 –",
      "客户要求 信用卡 咨询组 等待 2:00 1 –",
    ]);
    expect(rows(page, "wall-serving")).toEqual(["年长客户 着急 信用卡 咨询组 李敏"]);
    expect(rows(page, "wall-groups")).toEqual(["咨询组 2 5:00 1 1 2"]);
    expect(rows(page, "wall-breaches")).toEqual(["09:30 首次应答 吞卡 李敏"]);
    expect(page.textContent).toContain("另有 3 条没有列出");
  });

  it("counts those whom its lists leave out", async () => {
    const more = {
      upset: 7,
      tense: 9,
      longest_since: "2026-11-25T09:00:00+08:00",
      waiting_total: 60,
      serving_total: 130,
    };
    const { draw } = await atWall(undefined, ({ path }) =>
      path.endsWith("/wall") ? json({ ...LIVE, ...more }) : null,
    );
    const page = draw();
    const tiles = [...page.querySelectorAll("section[aria-label=现在] .tile")].map(flat);
    expect([tiles[1], tiles[2], tiles[5]]).toEqual([
      "最长等待 1:00:00",
      "服务中 130",
      "情绪激动 7 另有 9 位着急",
    ]);
    const under = (id: string) => flat(page.querySelector(`section[aria-labelledby=${id}] > p`));
    expect(under("wall-waiting")).toBe("另有 58 条没有列出");
    expect(under("wall-serving")).toBe("另有 129 条没有列出");
  });

  it("lists the agents with what they have done today", async () => {
    const { draw } = await atWall();
    expect(rows(draw(), "wall-agents")).toEqual([
      "李敏 资深 在线 空闲 0:30 0/3 咨询组 2 0:24 1 修改",
      "王芳 小休 0/2 无 – – – 修改",
    ]);
  });

  it("leads to every conversation for who may read any, else only to those that wait", async () => {
    const links = (page: Element) =>
      [...page.querySelectorAll("a[href^='#/talks/']")].map((one) => one.getAttribute("href"));
    const any = await atWall();
    expect(links(any.draw())).toEqual(["#/talks/q2", "#/talks/q1", "#/talks/s1", "#/talks/b1"]);
    const few = await atWall(["desk", "wall"]);
    expect(links(few.draw())).toEqual(["#/talks/q2", "#/talks/q1"]);
    expect(few.words()).toContain("年长客户");
  });

  it("shows an empty desk without a figure that is none", async () => {
    const { draw } = await atWall(undefined, ({ path }) => (path.includes("/wall") ? json({}) : null));
    const page = draw();
    expect(flat(page.querySelector(".tile:nth-child(2)"))).toBe("最长等待 –");
    expect(rows(page, "wall-waiting")).toEqual(["目前没有客户排队"]);
    expect(page.textContent).toContain("这一天还没有转人工");
  });

  it("has a heading for every column and a name for every button and box, in English too", async () => {
    const { draw } = await atWall(undefined, undefined, { labels: en });
    const page = draw();
    for (const table of page.querySelectorAll("table")) {
      const heads = table.querySelectorAll("thead th[scope=col]").length;
      for (const row of table.querySelectorAll("tbody tr"))
        expect(row.children.length, table.outerHTML).toBe(heads);
    }
    for (const button of page.querySelectorAll("button")) expect(flat(button)).not.toBe("");
    for (const box of page.querySelectorAll("input")) expect(box.closest("label")).not.toBeNull();
    expect(page.textContent).toContain("Who waits");
  });

  it("joins words in English as English does", async () => {
    const skills = [
      { id: "loans", label: "Loans" },
      { id: "cards", label: "Cards" },
    ];
    const live = { ...LIVE, agents: [{ ...LIVE.agents[0], skills }] };
    const { draw, desk } = await atWall(
      undefined,
      ({ path }) => (path.endsWith("/wall") ? json(live) : null),
      { labels: en },
    );
    await desk.wall.look({});
    const page = draw();
    expect(rows(page, "wall-agents")[0]).toContain("Loans, Cards");
    expect(rows(page, "wall-behind")[0]).toContain("Closed (Solved)");
  });
});

describe("a day's figures on the wall", () => {
  onOnePage();

  it("stand above charts, each of which has a table, and draw nothing where there is no canvas", async () => {
    const { draw } = await atWall();
    const page = draw();
    await settle();
    expect([...page.querySelectorAll(".tiles.small .tile")].map(flat)).toEqual([
      "开始的会话 6",
      "转人工 3",
      "接待 2",
      "放弃或留言 1",
      "超时 1",
      "等待（中位数） 1:01",
      "首次应答（中位数） 0:24",
      "处理（中位数） –",
      "首次应答及时 93%",
    ]);
    const charts = [...page.querySelectorAll("figure")];
    expect(charts).toHaveLength(3);
    expect(charts[0]?.querySelector("canvas[role=img]")?.getAttribute("aria-label")).toBe(
      "每小时转人工的原因（图；数字在下面的表里）",
    );
    expect([...(charts[0]?.querySelectorAll("tr") ?? [])].map(flat)).toEqual([
      "时间 客户要求 其他 开始的会话",
      "9时 2 0 5",
      "10时 0 1 1",
    ]);
  });

  it("open what is behind them from the table, with each narrowing named and removable", async () => {
    const { draw, asked, words } = await atWall();
    const button = draw().querySelector<HTMLButtonElement>("figure button");
    expect(button?.getAttribute("aria-label")).toBe("9时，客户要求：2，看明细");
    button?.click();
    await settle();
    draw();
    expect(words()).toContain("共 2 次转人工");
    expect(rows(draw(), "wall-behind")).toEqual([
      "09:05 客户要求 着急 咨询组 李敏 1:01 0:24 5:00 办结（已解决） 首次应答",
    ]);
    const narrowings = () => [...draw().querySelectorAll<HTMLButtonElement>(".narrowing")];
    expect(narrowings().map(flat)).toEqual(["9时至10时 ×", "原因：客户要求 ×"]);
    narrowings()[0]?.click();
    await settle();
    expect(narrowings().map(flat)).toEqual(["原因：客户要求 ×"]);
    expect(asked("wall/entries").at(-1)).toBe("/api/desk/wall/entries?day=2026-11-25&reason=asked&limit=50");
  });

  it("say that moods were not measured on that day, instead of drawing everybody calm", async () => {
    const hours = DAY.hours.map((hour) => ({ ...hour, moods: null }));
    const { draw } = await atWall(undefined, ({ path }) =>
      path.includes("wall/day") ? json({ ...DAY, hours }) : null,
    );
    const page = draw();
    await settle();
    const charts = [...page.querySelectorAll("figure")];
    expect(flat(charts[1])).toBe("每小时转人工时的情绪 这一天没有记录情绪。");
    expect([charts.length, page.querySelectorAll("wall-chart").length]).toEqual([3, 2]);
  });

  it("leave the keyboard where somebody has moved it before they came", async () => {
    const { draw, button } = await atWall();
    const figure = draw().querySelector<HTMLButtonElement>(".tiles.small button");
    figure?.focus();
    figure?.click();
    const box = draw().querySelector<HTMLInputElement>("[name=day]");
    box?.focus();
    await settle();
    expect([button("收起明细") !== null, document.activeElement === box]).toEqual([true, true]);
  });

  it("keep the keyboard when a narrowing, the last page or all of them go", async () => {
    const { desk, draw, button } = await atWall();
    await desk.wall.look({ hour: 9, mood: "strong" });
    const at = () => document.activeElement?.id;
    const use = async (one: HTMLButtonElement | null) => {
      one?.focus();
      one?.click();
      draw();
      await settle();
      draw();
    };
    await use(draw().querySelector<HTMLButtonElement>(".narrowing"));
    expect([at(), desk.wall.drill.filter?.hour]).toEqual(["wall-behind", undefined]);
    const more = button("更多");
    more.focus();
    more.click();
    draw();
    more.click(); // It is on its way: nothing is asked twice.
    expect([more.disabled, more.getAttribute("aria-disabled")]).toEqual([false, "true"]);
    await settle();
    draw();
    expect([at(), desk.wall.drill.entries.length]).toEqual(["wall-behind", 2]);
    await use(button("收起明细"));
    expect(at()).toBe("wall-day");
  });

  it("show more of what is behind them, put the keyboard there, and close again", async () => {
    const { draw, press } = await atWall();
    draw().querySelector<HTMLButtonElement>(".tiles.small button")?.click();
    draw();
    await settle();
    expect(document.activeElement?.id).toBe("wall-behind");
    expect(rows(draw(), "wall-behind")).toHaveLength(1);
    await press("更多");
    expect(rows(draw(), "wall-behind")).toHaveLength(2);
    await press("收起明细");
    expect(draw().querySelector("#wall-behind")).toBeNull();
  });

  it("are another day's when one is picked that can be, and today's again", async () => {
    const { desk, draw, press, words } = await atWall();
    const pick = async (value: string) => {
      const box = draw().querySelector<HTMLInputElement>("[name=day]");
      if (!box) throw new Error("no box");
      box.value = value;
      box.dispatchEvent(new Event("change"));
      await settle();
    };
    expect(draw().querySelector<HTMLInputElement>("[name=day]")?.max).toBe("2026-11-25");
    await pick("");
    expect(desk.wall.day).toBeNull();
    await pick("2026-11-20");
    expect(desk.wall.day).toBe("2026-11-20");
    expect(words()).toContain("接待（11/20）");
    await press("回到今天");
    expect(desk.wall.day).toBeNull();
    await pick("2026-11-25");
    expect(desk.wall.day).toBeNull();
  });
});

describe("an agent's skills and limit on the wall", () => {
  onOnePage();

  const opened = async (answer: (call: Call) => Response | null = () => null) => {
    const sent: Call[] = [];
    const at = await atWall(undefined, (call) => {
      if (call.method === "PATCH") sent.push(call);
      return answer(call);
    });
    at.draw().querySelector<HTMLButtonElement>("[aria-label='修改李敏的技能和上限']")?.click();
    await settle();
    const save = async (limit: string) => {
      const form = at.draw().querySelector<HTMLFormElement>("tr.opened form");
      const box = form?.querySelector<HTMLInputElement>("[name=limit]");
      if (!form || !box) throw new Error("no form");
      box.value = limit;
      form.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
      await settle();
      await settle();
      return form;
    };
    return { ...at, sent, save };
  };

  it("are changed in his row, and the wall follows at once", async () => {
    const { draw, sent, save, asked, press } = await opened();
    const before = asked("/wall").length;
    await save("2");
    expect(sent.map((call) => [call.path, call.body])).toEqual([["/api/desk/people/agent1", { limit: 2 }]]);
    expect(flat(draw().querySelector("tr.opened [role=status]"))).toBe("已保存。");
    expect(asked("/wall").length).toBeGreaterThan(before);
    await press("收起");
    expect(draw().querySelector("tr.opened")).toBeNull();
  });

  it("say beside the form why they were refused, and keep what was typed", async () => {
    const { draw, save } = await opened(({ method }) =>
      method === "PATCH" ? json({ detail: "最多五位。" }, 422) : null,
    );
    const form = await save("4");
    expect(flat(draw().querySelector("tr.opened [role=alert]"))).toBe("最多五位。");
    expect(form.querySelector<HTMLInputElement>("[name=limit]")?.value).toBe("4");
  });

  it("are no business of who has not the right", async () => {
    const { draw } = await atWall(["desk", "wall"]);
    expect(draw().querySelector("[aria-label^=修改]")).toBeNull();
    expect(rows(draw(), "wall-agents")).toHaveLength(LIVE.agents.length);
  });

  it("of another agent, opened meanwhile, are not mixed with his", async () => {
    const { desk } = await atWall();
    const { crew } = desk.wall;
    const first = crew.open("agent1");
    const second = crew.open("agent2");
    await Promise.all([first, second]);
    expect([crew.opened, crew.person, crew.busy]).toEqual(["agent2", null, false]);
  });
});
