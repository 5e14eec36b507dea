// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { json, said } from "../../make";
import { agentSays, NOW, scene, settle, words } from "./make";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const buttons = (page: Element) => [...page.querySelectorAll<HTMLButtonElement>(".recall")];

describe("taking a message back", () => {
  it("is offered for one's own message, as long as it can be", async () => {
    const colleague = agentSays(2, { actor: { kind: "agent", name: "王芳" } });
    const old = agentSays(3, { at: "2026-11-22T08:59:00+08:00" });
    const { talk } = await scene({
      events: [said(1, "customer"), colleague, old, agentSays(4), said(5, "bot")],
    });
    const [button, ...more] = buttons(talk());
    expect(more).toEqual([]);
    expect(words(button?.closest("article"))).toContain("agent 4");
  });

  it("is offered no more when its time is over, though nothing else happens", async () => {
    const { talk } = await scene({ events: [agentSays(1)] });
    const page = talk();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(buttons(page).length).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(buttons(page)).toEqual([]);
  });

  it("goes with the epoch that one has seen, and shows what was said struck through, with who and when", async () => {
    const { talk, posts, log } = await scene({
      events: [agentSays(1)],
      answer: ({ path }) => (path.endsWith("/recall") ? json({ seq: 2 }) : null),
    });
    log.push(agentSays(2, { kind: "notice", text: "", recalls: 1, at: "2026-11-22T09:01:00+08:00" }));
    buttons(talk())[0]?.click();
    await settle();
    expect(posts("/messages/1/recall")[0]?.body).toEqual({ epoch: 3 });
    const page = talk();
    expect(words(page.querySelector("del"))).toBe("agent 1");
    expect(words(page.querySelector(".mark"))).toBe("李敏 09:01 撤回，客户已看不到原文");
    expect([buttons(page), page.querySelectorAll("article").length]).toEqual([[], 1]);
  });

  it("says in the server's words why it could not be", async () => {
    const { talk, desk } = await scene({
      events: [agentSays(1)],
      answer: ({ path }) =>
        path.endsWith("/recall") ? json({ detail: "已经过了可以撤回的时间。" }, 409) : null,
    });
    buttons(talk())[0]?.click();
    await settle();
    expect(desk.toast).toContain("已经过了可以撤回的时间。");
  });

  it.each([
    ["sent", 0],
    ["ambiguous", 0],
    ["pending", 1],
    ["held", 1],
  ])("on WeChat depends on what became of it: %s", async (delivery, offered) => {
    const channel = { name: "wechat", deliveries: { "1": delivery } };
    const { talk } = await scene({ events: [agentSays(1)], channel, item: { channel: "wechat" } });
    expect(buttons(talk()).length).toBe(offered);
  });

  it("is not offered when the conversation is another's now", async () => {
    const { talk, show } = await scene({ events: [agentSays(1)] });
    await show({ mine: [] });
    expect(buttons(talk())).toEqual([]);
    expect(zh.recall).toBe("撤回");
  });
});
