// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SurveyPage, tokenOf } from "../../src/survey/page";
import { type Call, scripted } from "../make";
import { GRADE, problem, SOLVED, standing, WORDS } from "./make";

customElements.define("survey-page", SurveyPage);

async function setUp(server: (call: Call) => Response | Promise<Response>) {
  const { fetcher, calls } = scripted(server);
  vi.stubGlobal("fetch", fetcher);
  const page = document.createElement("survey-page") as SurveyPage;
  document.body.append(page);
  const settle = async () => {
    await vi.advanceTimersByTimeAsync(0);
    await page.updateComplete;
  };
  await settle();
  const find = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector);
  const button = (label: string) => {
    const found = [...page.querySelectorAll("button")].find((one) => one.textContent?.trim() === label);
    if (!found) throw new Error(`no button ${label}`);
    return found;
  };
  const press = async (label: string) => {
    button(label).click();
    await settle();
  };
  const write = async (text: string) => {
    const box = find<HTMLTextAreaElement>("textarea");
    if (!box) throw new Error("no box");
    box.value = text;
    box.dispatchEvent(new Event("input"));
    await settle();
  };
  const text = () => page.textContent ?? "";
  return { page, calls, settle, find, button, press, write, text };
}

describe("<survey-page>", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    document.body.replaceChildren();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("asks one question with its buttons, under the bank's name", async () => {
    const { page, find, text } = await setUp(() => standing(GRADE));
    expect(find("h1")?.textContent).toBe(GRADE.text);
    expect([...page.querySelectorAll("button")].map((one) => one.textContent?.trim())).toEqual(
      GRADE.choices.map((choice) => choice.label),
    );
    expect(find(".bank")?.textContent).toBe("示范银行");
    expect(text()).toContain("第 1 题，共 3 题");
    expect(text()).toContain("每一题都可以跳过。");
    expect(text()).toContain("400-000-0000");
    expect(find("[role=group]")?.getAttribute("aria-labelledby")).toBe(find("h1")?.id);
  });

  it("goes on to the next and gives its heading the keyboard", async () => {
    const { find, press, text } = await setUp((call) =>
      call.method === "GET" ? standing(GRADE) : standing(SOLVED, { step: 2 }),
    );
    await press("不满意");
    expect(find("h1")?.textContent).toBe(SOLVED.text);
    expect(document.activeElement).toBe(find("h1"));
    expect(text()).not.toContain("每一题都可以跳过。"); // said once is enough
  });

  it("shows nothing to press while an answer is on its way", async () => {
    const { page, press, text } = await setUp((call) =>
      call.method === "GET" ? standing(GRADE) : new Promise(() => {}),
    );
    await press("一般");
    expect([...page.querySelectorAll("button")].every((one) => one.disabled)).toBe(true);
    expect(page.querySelector(".chosen")?.textContent?.trim()).toBe("一般");
    expect(text()).toContain("正在提交");
  });

  it("keeps the answer where it could not be sent, and sends it again", async () => {
    let broken = true;
    const { find, press, calls } = await setUp((call) => {
      if (call.method === "GET") return standing(GRADE);
      if (broken) throw new TypeError("network");
      return standing(SOLVED);
    });
    await press("非常满意");
    expect(find("[role=alert]")?.textContent).toContain("您的回答还在");
    expect(find(".chosen")?.textContent?.trim()).toBe("非常满意");
    broken = false;
    await press("再试一次");
    expect(find("h1")?.textContent).toBe(SOLVED.text);
    expect(calls.filter((call) => call.method === "POST").map((call) => call.body)).toEqual(
      Array.from({ length: 2 }, () => ({ question: "grade", choice: "rate_3" })),
    );
  });

  it("takes words, counts them, and holds back what is too long", async () => {
    const { find, button, write, press, calls, text } = await setUp((call) =>
      call.method === "GET" ? standing(WORDS, { step: 3 }) : standing(null, { said: ["谢谢您的评价。"] }),
    );
    expect(find("label")?.getAttribute("for")).toBe(find("textarea")?.id);
    expect(button("提交").disabled).toBe(true);
    await write("十一个字十一个字十一个");
    expect(button("提交").disabled).toBe(true);
    expect(find("#count")?.textContent).toContain("请删减 1 个字");
    expect(find("textarea")?.getAttribute("aria-invalid")).toBe("true");
    await write("很好");
    expect(find("#count")?.textContent).toContain("2/10");
    await press("提交");
    expect(calls.at(-1)?.body).toEqual({ question: "words", text: "很好" });
    expect(text()).toContain("评价完成");
    expect(text()).toContain("谢谢您的评价。");
    expect(find("button")).toBeNull();
  });

  it("shows what was said to the answer before the next question", async () => {
    const { text } = await setUp(() => standing(SOLVED, { step: 2, said: ["请不要写密码。"] }));
    expect(text()).toContain("请不要写密码。");
  });

  it("says that a link is gone, and nothing else", async () => {
    const { find, text } = await setUp(() => problem(404, "链接已失效。请拨打客服热线 400-000-0000。"));
    expect(find("h1")?.textContent).toBe("服务评价");
    expect(text()).toContain("请拨打客服热线 400-000-0000");
    expect(find("button")).toBeNull();
  });

  it("offers to open it again", async () => {
    let broken = true;
    const { find, press } = await setUp(() => {
      if (broken) throw new TypeError("network");
      return standing(GRADE);
    });
    expect(find("[role=alert]")?.textContent).toContain("没有打开");
    broken = false;
    await press("再试一次");
    expect(find("h1")?.textContent).toBe(GRADE.text);
  });

  it("shows markup as text", async () => {
    const { find, text } = await setUp(() =>
      standing({ ...GRADE, text: "<img src=x>" }, { said: ["<b>x</b>"] }),
    );
    expect(find("img")).toBeNull();
    expect(find("b")).toBeNull();
    expect(text()).toContain("<img src=x>");
  });
});

describe("the token of an address", () => {
  it.each([
    ["/survey/abc123", "abc123"],
    ["/survey/abc123/", "abc123"],
    ["/survey/", "none"],
    ["/survey", "none"],
    ["/survey/a/b", "none"],
    ["/x/survey/abc", "none"],
  ])("%s has %s", (path, token) => {
    expect(tokenOf(path)).toBe(token);
  });
});
