// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { en } from "../../../src/desk/labels.en";
import type { Full } from "../../../src/desk/tickets/model";
import { json } from "../../make";
import { full, NUMBER, onOnePage, open, refusing, task } from "./make";

const RESULT = { id: "case_result", label: "办结结果" };
const NOTICE = { id: "case_assigned", label: "转办通知" };

const text = (id: number, what: typeof RESULT, words: string, due: string) =>
  task({ id, kind: "tell", label: "通知客户", what, text: words, due_at: due });

/** The result and two notices wait for a person; one was told before. */
function waiting(more: Partial<Full> = {}): Full {
  return full({
    allowed: ["told", "note"],
    tasks: [
      text(1, RESULT, "您的投诉已办结，结果如下", "2026-11-26T12:00:00+08:00"),
      text(2, NOTICE, "已转给小王办理", "2026-11-25T12:00:00+08:00"),
      text(3, NOTICE, "已转给小李办理", "2026-11-25T13:00:00+08:00"),
      { ...text(4, NOTICE, "已经告诉过了", "2026-11-24T12:00:00+08:00"), open: false },
      task({ id: 5 }),
    ],
    ...more,
  });
}

const cards = (page: Element) => [...page.querySelectorAll(".waiting .task")];

describe("what a person is to tell the customer", () => {
  onOnePage();

  it("stands on the page with its words, what is due first above, and nothing twice", async () => {
    const { draw } = await open({ ticket: () => waiting() });
    const shown = cards(draw());
    expect(shown.map((one) => one.getAttribute("aria-label"))).toEqual(["转办通知", "办结结果"]);
    const words = shown.map((one) => [...one.querySelectorAll("blockquote")].map((said) => said.textContent));
    expect(words).toEqual([["已转给小王办理", "已转给小李办理"], ["您的投诉已办结，结果如下"]]);
    const others = [...draw().querySelectorAll(".case-tasks .task")].map((one) => one.textContent);
    expect(others).toHaveLength(2);
    expect(others.join()).toContain("已经告诉过了");
    expect(others.join()).not.toContain("您的投诉已办结");
  });

  it("has a button for each text, and no other one that does not say which", async () => {
    const { draw } = await open({ ticket: () => waiting() });
    const told = [...draw().querySelectorAll("button")].filter((one) => one.textContent?.includes("已告知"));
    expect(told.map((one) => one.getAttribute("aria-label"))).toEqual([
      "登记已告知：转办通知",
      "登记已告知：办结结果",
    ]);
  });

  it("is noted with which text it was, and how; the other one still waits", async () => {
    let left = waiting();
    const { draw, choose, write, submit, posts, words } = await open({
      ticket: () => left,
      answer: ({ path }) => {
        if (!path.endsWith("/told")) return null;
        left = waiting({ version: 8, tasks: waiting().tasks.filter((one) => one.what?.id !== RESULT.id) });
        return json(left);
      },
    });
    const press = () => cards(draw())[1]?.querySelector<HTMLButtonElement>("button[data-opens]")?.click();
    press();
    expect(cards(draw())[1]?.querySelector(".case-form")).not.toBeNull();
    expect(draw().querySelectorAll(".case-form")).toHaveLength(1);
    await submit(); // without how
    expect(posts("/told")).toHaveLength(0);
    choose("phone");
    write("note", "本人接听");
    await submit();
    expect(posts("/told").map((one) => one.body)).toEqual([
      { version: 7, how: "phone", note: "本人接听", what: "case_result" },
    ]);
    expect(cards(draw()).map((one) => one.getAttribute("aria-label"))).toEqual(["转办通知"]);
    expect(words()).toContain("已完成：登记已告知");
  });

  it("is done with the keyboard alone: into the form, out of it, and what was typed is kept", async () => {
    const { draw, write, words } = await open({ ticket: () => waiting() });
    const opener = () => cards(draw())[0]?.querySelector<HTMLButtonElement>("button[data-opens]");
    opener()?.click();
    draw();
    expect(document.activeElement?.closest(".case-form")).not.toBeNull();
    expect(opener()?.getAttribute("aria-expanded")).toBe("true");
    write("note", "占线");
    const pressed = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(pressed);
    draw();
    expect(draw().querySelector(".case-form")).toBeNull();
    expect(document.activeElement).toBe(opener());
    expect(words()).toContain("有草稿");
  });

  it("that somebody else has told meanwhile is not sent, and what was typed stays to be read", async () => {
    let left = waiting();
    const { desk, draw, choose, submit, posts, words } = await open({ ticket: () => left });
    cards(draw())[1]?.querySelector<HTMLButtonElement>("button[data-opens]")?.click();
    draw();
    choose("phone");
    left = waiting({ version: 8, tasks: [] });
    await desk.cases.page.load();
    expect(draw().querySelector(".acts .case-form")).not.toBeNull();
    expect(words()).toContain("现在不能办理这一步");
    await submit();
    expect(posts("/told")).toHaveLength(0);
  });

  it("refused says why, beside the text", async () => {
    const { draw, choose, submit } = await open({
      ticket: () => waiting(),
      answer: refusing("told", { detail: "没有这一项", field: "what" }, 422),
    });
    cards(draw())[0]?.querySelector<HTMLButtonElement>("button[data-opens]")?.click();
    draw();
    choose("letter");
    await submit();
    expect(cards(draw())[0]?.querySelector("[role=alert]")?.textContent).toBe("没有这一项");
  });

  it("stands among the tasks for who may not do the act, and says which text it is", async () => {
    const { draw, words } = await open({ ticket: () => waiting({ allowed: ["contact"] }) });
    expect(cards(draw())).toHaveLength(0);
    expect(draw().querySelectorAll(".case-tasks .task")).toHaveLength(5);
    expect(words()).toContain("通知客户：办结结果");
  });

  it("is asked for without a text only while none waits", async () => {
    const { press, choose, submit, posts } = await open({ ticket: () => full({ allowed: ["told"] }) });
    await press("登记已告知");
    choose("counter");
    await submit();
    expect(posts("/told")[0]?.body).toEqual({ version: 7, how: "counter", note: "" });
  });

  it("opens again after a reload, beside its text", async () => {
    const first = await open({ ticket: () => waiting() });
    cards(first.draw())[1]?.querySelector<HTMLButtonElement>("button[data-opens]")?.click();
    first.draw();
    first.write("note", "再打一次");
    const again = await open({ ticket: () => waiting(), store: first.store });
    const box = cards(again.draw())[1]?.querySelector<HTMLTextAreaElement>("textarea");
    expect(box?.value).toBe("再打一次");
    expect(again.desk.cases.page.number).toBe(NUMBER);
  });

  it("is said in English too", async () => {
    const { words } = await open({ ticket: () => waiting(), labels: en });
    expect(words()).toContain("To be told to the customer");
  });
});
