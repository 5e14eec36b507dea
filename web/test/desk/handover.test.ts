// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { readFormerTalk, readPackage } from "../../src/desk/read-package";
import { handover } from "../../src/desk/tabs/handover";
import { broughtBy } from "../../src/desk/tabs/handover-notes";
import type { WireEvent } from "../../src/shared/wire";
import { type Call, json, said } from "../make";
import { atNow } from "./console";
import { scene, settle, words } from "./tools/make";

const BY = { username: "agent2", name: "王芳" };
const AT = "2026-11-22T08:30:00+08:00";
const transfer = (text: string, more: object = {}) => ({ kind: "transfer", at: AT, by: BY, text, ...more });
const FORMER = {
  id: "c0",
  at: "2025-10-20T10:05:00+08:00",
  channel: "wechat",
  state: "CLOSED",
  topic: "房贷利率",
  reason: "客户要求人工服务",
  result: "solved",
  category: "loan_rate",
};
const PAST = {
  ...FORMER,
  notes: [
    { kind: "close", at: FORMER.at, by: BY, text: "已讲清楚", result: "solved", category: "loan_rate" },
  ],
  events: [
    said(1, "customer", { at: "2025-10-20T10:05:00+08:00", text: "〔图片〕", media: { kind: "image" } }),
    said(2, "agent", { at: "2025-10-21T09:00:00+08:00", actor: { kind: "agent", name: "李敏" } }),
  ],
};

atNow();

async function shown(
  pack: object,
  events: WireEvent[] = [],
  answer: (call: Call) => Response | null = () => null,
) {
  const made = await scene({
    answer: (call) =>
      answer(call) ??
      (call.path.endsWith("/conversations/c1")
        ? json({ package: pack, events, state: "HUMAN", holder: "agent1", epoch: 3 })
        : null),
  });
  const page = () => made.draw(() => handover.draw(made.view));
  const section = (title: string) =>
    [...page().querySelectorAll("section")].filter((one) => words(one.querySelector("h3")) === title);
  return { ...made, page, section };
}

describe("who the customer is", () => {
  it.each([
    ["bound", "green", "银行已确认身份"],
    ["proven", "green", "已核对工单 TS1 的联系方式"],
    ["contact", "amber", "留过联系方式，未核实"],
    ["none", "amber", "未核实身份（不要说账户信息）"],
    ["a newer level", "amber", "未核实身份（不要说账户信息）"],
  ])("%s is said in words, as a tag", async (level, colour, said) => {
    const { section } = await shown({ identity: { level, contact: null, case: "TS1" } });
    const tags = [...(section("身份")[0]?.querySelectorAll(".tag") ?? [])];
    expect(tags.map((one) => [words(one), one.classList.contains(colour)])).toEqual([[said, true]]);
  });

  it("a contact is told of, its token is not shown", async () => {
    const { section, page } = await shown({ identity: { level: "bound", contact: "pt_8f3a", case: null } });
    expect(words(section("身份")[0])).toBe("身份 银行已确认身份 留有联系方式");
    expect(page().textContent).not.toContain("pt_8f3a");
  });

  it("how he feels and that he needs care stand with it", async () => {
    const { section } = await shown({ signals: { mood: "tense", careful: true } });
    expect(words(section("身份")[0])).toBe("身份 关怀：请慢一点、说清楚 着急");
  });

  it("a strong mood is as the server says it, whatever the lists show", async () => {
    const { page } = await shown({ signals: { mood: "strong" } });
    expect(words(page().querySelector(".identity .alarm"))).toBe("激动");
  });

  it.each(["calm", "furious", 4, null])("a mood that is %j colours nothing", async (mood) => {
    const { section } = await shown({ signals: { mood, careful: false } });
    expect(section("身份")).toEqual([]);
  });

  it("what he must not learn of is in alarm colour, by its id where it has no words", async () => {
    const flags = [{ id: "scam", text: "可能正在受骗" }, { id: "new", text: null }, { text: "no id" }];
    const { page } = await shown({ signals: { careful: false, flags } });
    expect(words(page().querySelector(".flags h3"))).toBe("内部提示，不可让客户知道");
    expect([...page().querySelectorAll(".flags li")].map(words)).toEqual(["可能正在受骗", "new"]);
  });

  it("an older server says nothing of all this", async () => {
    const { page } = await shown({});
    expect([...page().querySelectorAll("h3")].map(words)).toEqual(["主题", "智能客服已答复", "已作提示"]);
  });
});

describe("what colleagues have left", () => {
  const NOTES = [
    { kind: "close", at: AT, by: BY, text: "", result: "solved", category: "loan_rate" },
    { kind: "close", at: AT, by: BY, text: "" },
    { kind: "decline", at: AT, by: { username: "agent3", name: "" }, text: "不在业务范围" },
    { kind: "lost", at: AT, by: BY, text: "" },
    transfer("", { to: "" }),
    { kind: "newer", at: AT, by: BY, text: "?" },
  ];

  it("is told with who, when and what, newest last", async () => {
    const { section } = await shown({ notes: NOTES });
    expect([...(section("同事交代")[0]?.querySelectorAll("article") ?? [])].map(words)).toEqual([
      "结束：已解决 · 贷款利率 王芳 · 11/22 08:30",
      "结束 王芳 · 11/22 08:30",
      "拒绝接入 agent3 · 11/22 08:30 不在业务范围",
      "连接中断 王芳 · 11/22 08:30",
      "转交 王芳 · 11/22 08:30",
    ]);
  });

  it("the note of the transfer that brought him here is read first, and stands once", async () => {
    const notes = [
      transfer("旧的", { to: "queue:complaints" }),
      transfer("请讲慢一点", { to: "agent:agent1" }),
    ];
    const { page, section } = await shown({ notes, reason: { code: "asked", text: "转人工" } });
    const [first, rest] = section("同事交代");
    expect(page().querySelector("section")).toBe(first);
    expect(words(first?.querySelector("article"))).toBe("转交给李敏 王芳 · 11/22 08:30 请讲慢一点");
    expect(words(rest?.querySelector("article"))).toBe("转交给queue:complaints 王芳 · 11/22 08:30 旧的");
  });

  it.each([
    ["the assistant had him since", [transfer("旧的")], "2026-11-22T08:40:00+08:00", null],
    ["the assistant had him before", [transfer("新的")], "2026-11-22T08:20:00+08:00", "新的"],
    ["the last one came without words", [transfer("旧的"), transfer("")], AT, null],
    ["there was none", [], AT, null],
  ])("which one that is: %s", (_what, notes, at, text) => {
    const back = said(1, "system", { kind: "state", state: "BOT", at });
    expect(broughtBy(readPackage({ notes }).notes, [back])?.text ?? null).toBe(text);
  });
});

describe("his earlier conversations", () => {
  const answers =
    (...bodies: Response[]) =>
    ({ path }: Call) =>
      path.endsWith("/conversations/c1/history/c0") ? (bodies.shift() ?? null) : null;
  const opened = async (...bodies: Response[]) => {
    const made = await shown({ history: [FORMER, { at: AT }] }, [], answers(...bodies));
    const button = () => made.page().querySelector<HTMLButtonElement>(".formers button");
    const press = async () => {
      button()?.click();
      await settle();
    };
    const text = () => words(made.page().querySelector(".formers"));
    return { ...made, button, press, text };
  };

  it("stand with date, channel, topic, reason and result, and say that a reading goes on record", async () => {
    const { section, button, asked } = await opened();
    expect(words(section("以前的会话")[0])).toBe(
      "以前的会话每次查看都会记录在案 2025年10月20日 10:05微信 查看 房贷利率 客户要求人工服务 · 已解决 · 贷款利率",
    );
    expect(button()?.getAttribute("aria-label")).toBe("查看 2025年10月20日 10:05 的会话");
    expect(asked("/history/")).toEqual([]);
  });

  it("say how they stand where nobody has entered a result", async () => {
    const { page } = await shown({ history: [{ id: "c0", at: AT, state: "MESSAGE_LEFT" }] });
    expect(words(page().querySelector(".formers li > .faint"))).toBe("已留言");
  });

  it("one is read under its line, day by day, and nothing of it can be taken back", async () => {
    const { press, page, button, text } = await opened(json(PAST));
    await press();
    const region = page().querySelector("[role=region]");
    expect(region?.getAttribute("aria-label")).toBe("2025年10月20日 10:05 的会话，只能看");
    expect(region?.getAttribute("tabindex")).toBe("0");
    expect(text()).toContain("结束：已解决 · 贷款利率 王芳");
    expect([...(region?.querySelectorAll(".line, .event .text") ?? [])].map(words)).toEqual([
      "2025年10月20日",
      "2025年10月21日",
      "agent 2",
    ]);
    expect(region?.querySelector("button")).toBeNull();
    expect(region?.querySelector<HTMLElement & { src: string }>("desk-picture")?.src).toBe(
      "/api/desk/conversations/c0/media/1",
    );
    expect(button()?.getAttribute("aria-expanded")).toBe("true");
    await press();
    expect(page().querySelector("[role=region]")).toBeNull();
    expect(words(button())).toBe("查看");
  });

  it("its pictures are for who serves him, or may read all: else only their words", async () => {
    const { press, page, show } = await opened(json(PAST));
    await press();
    await show({ mine: [] });
    expect(page().querySelector("desk-picture")).toBeNull();
    expect(words(page().querySelector(".event .text"))).toBe("〔图片〕");
  });

  it("one in which nothing was said says so", async () => {
    const { press, text } = await opened(json({ ...FORMER, events: null }));
    await press();
    expect(text()).toContain("没有对话内容。");
  });

  it("trouble is said in words, and it can be tried again", async () => {
    const { press, page, text } = await opened(json({ detail: "没有这个会话" }, 404), json(PAST));
    await press();
    expect(words(page().querySelector("[role=alert]"))).toContain("没有这个会话");
    page().querySelector<HTMLButtonElement>("[role=alert] button")?.click();
    await settle();
    expect(text()).toContain("agent 2");
  });

  it("it goes with the conversation, and stays while that is only looked at again", async () => {
    const { press, page, desk } = await opened(json(PAST));
    await press();
    desk.select("c1");
    await settle();
    expect(page().querySelector("[role=region]")).not.toBeNull();
    desk.select("c2");
    expect(desk.tools.lookback.talk).toBeNull();
  });

  it("it is gone with the sign-out, also what was still on its way", async () => {
    const { press, desk, button } = await opened(json(PAST), json(PAST));
    await press();
    await press();
    button()?.click();
    await desk.signOut();
    await settle();
    expect(desk.tools.lookback.talk).toBeNull();
  });

  it("a session that has ended leads to the sign-in", async () => {
    const { press, desk } = await opened(json({}, 401));
    await press();
    expect(desk.phase).toBe("signed-out");
  });

  it("an answer that is none is no conversation", () => {
    expect(() => readFormerTalk(null)).toThrow();
  });
});
