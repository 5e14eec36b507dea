// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { replies } from "../../../src/desk/tabs/replies";
import { scripts } from "../../../src/desk/tabs/scripts";
import { type Call, json, said } from "../../make";
import { NOW, scene, settle, words } from "./make";

const REPLIES = [
  { id: "greet", title: "问候", text: "您好！我是示范银行人工坐席李敏。", when: ["claim"] },
  { id: "urgent", title: "紧急", text: "您说的情况很要紧。", when: ["claim"], reasons: ["urgent"] },
  { id: "wait", title: "请稍等", text: "请您稍等。", when: ["busy", "later"] },
  { id: "other", title: "别的", text: "别的话。" },
  { id: "broken" },
];
const SCRIPT = { id: "card_loss", version: 2, title: "挂失", text: "请先挂失。", disclosures: [] };
const FOUND = { ...SCRIPT, id: "loan", title: "贷款" };
const answer = ({ path }: Call) =>
  path.endsWith("/replies")
    ? json({ replies: REPLIES })
    : path.includes("scripts?conversation=")
      ? json({ scripts: [SCRIPT] })
      : path.includes("scripts?q=")
        ? json({ scripts: [FOUND, SCRIPT] })
        : null;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("quick replies", () => {
  it("stand under the moment for which they are meant, and are put in by a click", async () => {
    const { draw, view, inserted } = await scene({ answer });
    const page = draw(() => replies.draw(view));
    expect([...page.querySelectorAll("h3")].map(words)).toEqual([
      zh.replies_claim,
      zh.replies_busy,
      zh.replies_other,
    ]);
    page.querySelectorAll<HTMLElement>(".script")[2]?.click();
    expect(inserted).toEqual(["请您稍等。"]);
  });

  it("are looked up again when they come to the front: the bank may have changed them", async () => {
    const { view, asked, draw } = await scene({ answer });
    replies.chosen?.(view);
    await settle();
    expect(asked("/replies").length).toBe(2);
    expect(words(draw(() => replies.draw(view)))).not.toContain("broken");
  });

  it("have the greeting ready when a customer has been taken, and never over what is written", async () => {
    const { desk, posts } = await scene({ answer });
    const waits = { conversation_id: "c2", channel: "web", state: "QUEUED" as const, epoch: 1, last_seq: 1 };
    await desk.deeds.claim(waits);
    expect(desk.drafts.text("c2")).toBe("您好！我是示范银行人工坐席李敏。");
    expect(posts("/messages")).toEqual([]); // It is the agent who sends it.
    await desk.deeds.claim({ ...waits, conversation_id: "c4", reason: { code: "urgent", text: "情况紧急" } });
    expect(desk.drafts.text("c4")).toBe("您说的情况很要紧。");
    desk.drafts.write("c3", "写了一半");
    await desk.deeds.claim({ ...waits, conversation_id: "c3" });
    expect(desk.drafts.text("c3")).toBe("写了一半");
  });

  it("have it ready too where they come later than the customer was taken", async () => {
    let come: (answer: Response) => void = () => undefined;
    const { desk } = await scene({
      answer: (call) =>
        call.path.endsWith("/replies") ? new Promise<Response>((resolve) => (come = resolve)) : answer(call),
    });
    await desk.deeds.claim({ conversation_id: "c2", channel: "web", state: "QUEUED", epoch: 1, last_seq: 1 });
    expect(desk.drafts.text("c2")).toBe("");
    come(json({ replies: REPLIES }));
    await settle();
    expect(desk.drafts.text("c2")).toBe("您好！我是示范银行人工坐席李敏。");
  });

  it("greet nobody who could not be taken", async () => {
    const { desk } = await scene({
      answer: (call) => (call.path.endsWith("/claim") ? json({ detail: "已被接入" }, 409) : answer(call)),
    });
    await desk.deeds.claim({ conversation_id: "c2", channel: "web", state: "QUEUED", epoch: 1, last_seq: 1 });
    expect(desk.drafts.text("c2")).toBe("");
  });
});

describe("suggested scripts", () => {
  it("stand first, are asked for once a message, and follow the customer", async () => {
    const { draw, view, asked, line, inserted } = await scene({ events: [said(1, "customer")], answer });
    const page = () => draw(() => scripts.draw(view));
    page();
    page();
    await settle();
    expect(words(page().querySelector("h3"))).toBe(zh.suggested);
    page().querySelector<HTMLElement>(".script")?.click();
    expect(inserted).toEqual(["请先挂失。"]);
    line.send("conversation", {
      conversation_id: "c1",
      events: [said(2, "agent"), said(3, "customer")],
      epoch: 3,
    });
    await settle();
    page();
    await settle();
    expect(asked("scripts?conversation=c1").length).toBe(2);
  });

  it("give way to what is searched for, and are not shown twice", async () => {
    const { draw, view, desk } = await scene({ events: [said(1, "customer")], answer });
    const titles = () => [...draw(() => scripts.draw(view)).querySelectorAll(".script strong")].map(words);
    scripts.chosen?.(view);
    titles();
    await vi.advanceTimersByTimeAsync(250);
    expect(titles()).toEqual(["挂失", "贷款"]);
    desk.scripts.type("贷款");
    await vi.advanceTimersByTimeAsync(250);
    expect(titles()).toEqual(["贷款", "挂失"]);
    expect(words(draw(() => scripts.draw(view)))).not.toContain(zh.suggested);
  });

  it("are none before he has said anything", async () => {
    const { draw, view, asked } = await scene({ events: [said(1, "bot")], answer });
    draw(() => scripts.draw(view));
    expect(asked("scripts?conversation")).toEqual([]);
  });
});
