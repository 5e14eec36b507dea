// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { TABS } from "../../../src/desk/tabs/all";
import { marks } from "../../../src/desk/tabs/marks";
import { news } from "../../../src/desk/tabs/news";
import { asideView } from "../../../src/desk/views-aside";
import { type Call, json } from "../../make";
import { NOW, scene, settle, words } from "./make";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const NOTED = { at: "2026-11-22T08:30:00+08:00", by: "王芳", text: "客户在等回单" };
const NEWS = [
  {
    key: "stop:1",
    change: "stopped",
    kind: "topic",
    id: "loan",
    title: "topic loan",
    text: "利率有误",
    seen: false,
  },
  {
    key: "new:script:a:1",
    change: "new",
    kind: "script",
    id: "a",
    title: "新话术",
    text: "内容",
    seen: true,
  },
  { key: "odd", change: "evaporated" },
];

describe("notes and tags", () => {
  async function noted(answer: (call: Call) => Response | null = () => null) {
    const stands = { notes: [NOTED], tags: ["回单"] };
    const made = await scene({
      answer: (call) =>
        answer(call) ??
        (call.path.endsWith("/conversations/c1")
          ? json({ package: { marks: stands }, events: [], state: "HUMAN", epoch: 3 })
          : null),
    });
    const page = () => made.draw(() => marks.draw(made.view));
    const add = async (kind: string, text: string) => {
      const box = page().querySelector<HTMLInputElement>(`#mark-${kind}`);
      if (!box) throw new Error(`no box for a ${kind}`);
      box.value = text;
      box.form?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
      await settle();
      return box.value;
    };
    return { ...made, page, add, stands };
  }

  it("stand with who wrote them, and say that the customer sees none of it", async () => {
    const { page } = await noted();
    expect(words(page())).toContain("王芳");
    expect(words(page())).toContain("客户在等回单");
    expect(words(page())).toContain(zh.marks_hint);
  });

  it("are added, and the conversation is looked at anew", async () => {
    const { add, posts, asked } = await noted();
    const before = asked("conversations/c1").length;
    expect(await add("note", " 请回电 ")).toBe("");
    await add("tag", "急");
    expect(posts("/marks").map((call) => call.body)).toEqual([
      { kind: "note", text: "请回电" },
      { kind: "tag", text: "急" },
    ]);
    expect(asked("conversations/c1").length).toBe(before + 2);
  });

  it("keep what was written when it could not be kept, and add nothing that is empty", async () => {
    const refused = await noted(({ path }) =>
      path.endsWith("/marks") ? json({ detail: "太长" }, 422) : null,
    );
    expect(await refused.add("note", "请回电")).toBe("请回电");
    expect(refused.desk.toast).toBe("太长");
    const { add, posts } = await noted();
    await add("tag", "  ");
    expect(posts("/marks")).toEqual([]);
  });

  it("take a tag off by its own button", async () => {
    const { page, posts } = await noted();
    const button = page().querySelector<HTMLButtonElement>(".untag");
    expect(button?.getAttribute("aria-label")).toBe("去掉标签 回单");
    button?.click();
    await settle();
    expect(posts("/marks")[0]?.body).toEqual({ kind: "untag", text: "回单" });
  });
});

describe("what changed today", () => {
  const answer = ({ path }: Call) => (path.endsWith("/news") ? json({ news: NEWS }) : null);
  const aside = (made: Awaited<ReturnType<typeof scene>>) =>
    made.draw(() => asideView({ ...made.view, tabs: TABS, tab: news, choose: () => undefined }));

  it("counts what is not read in the tab, until the receipt is given", async () => {
    const made = await scene({ answer });
    const page = aside(made);
    expect(words(page.querySelector("#tab-news"))).toBe(`${zh.news} 1`);
    expect([...page.querySelectorAll(".news strong")].map(words)).toEqual(["topic loan", "新话术"]);
    page.querySelector<HTMLElement>(".solid")?.click();
    await settle();
    expect(made.posts("/news/seen")[0]?.body).toEqual({ keys: ["stop:1"] });
    expect(words(aside(made).querySelector("#tab-news"))).toBe(zh.news);
    expect(words(aside(made))).toContain(zh.news_all_read);
  });

  it("stays unread when the receipt did not arrive", async () => {
    const made = await scene({
      answer: (call) => (call.path.endsWith("/news/seen") ? json({ detail: "系统正忙" }, 503) : answer(call)),
    });
    aside(made).querySelector<HTMLElement>(".solid")?.click();
    await settle();
    expect([made.desk.tools.news.unread, made.desk.toast]).toEqual([1, "系统正忙"]);
  });

  it("is looked up now and then, and gone with the sign-out", async () => {
    const made = await scene({ answer });
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(made.asked("/news").length).toBe(2);
    await made.desk.signOut();
    expect(made.desk.tools.news.all).toEqual([]);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(made.asked("/news").length).toBe(2);
  });
});
