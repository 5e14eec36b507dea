// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { SHORTCUTS } from "../../src/desk/keys";
import { zh } from "../../src/desk/labels.zh";
import type { Offer } from "../../src/desk/model";
import { type Call, json } from "../make";
import { atNow, ended, item, NOW, openConsole } from "./console";

const alt = (letter: string): KeyboardEventInit => ({ key: letter, code: `Key${letter}`, altKey: true });
const OFFER: Offer = { ...item("c3", "贷款", { state: "OFFERED", epoch: 2 }), expires_at: NOW };

const sent = (calls: Call[]) => calls.filter((one) => one.path.endsWith("/messages")).map((one) => one.body);

/** Writes a reply, and sends it with the keyboard. */
async function write(app: Element, text: string, settle: () => Promise<void>, sends = true): Promise<void> {
  const box = app.querySelector<HTMLTextAreaElement>("#reply");
  if (box) box.value = text;
  box?.dispatchEvent(new Event("input"));
  await settle();
  if (!sends) return;
  box?.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Enter", code: "Enter", ctrlKey: true, bubbles: true }),
  );
  await settle();
}

describe("the keyboard on the desk", () => {
  atNow();

  it("accepts who is offered, and then writes to him", async () => {
    const { press, calls, heading, show } = await openConsole("", { offers: [OFFER] });
    await press(alt("A"));
    expect(calls.find((one) => one.path.endsWith("c3/claim"))?.body).toEqual({ epoch: 2 });
    await show({ mine: [item("c3", "贷款")] });
    expect([heading(), location.hash]).toEqual(["理财", "#/talks/c3"]);
  });

  it("sends what is written before the server has told of the customer who was just taken", async () => {
    let tell: (told: Response) => void = () => {};
    const told = new Promise<Response>((resolve) => {
      tell = resolve;
    });
    const { app, press, calls, settle, show } = await openConsole("", { offers: [OFFER] }, ({ path }) =>
      path.endsWith("conversations/c3") ? told : null,
    );
    await press(alt("A"));
    await show({ mine: [item("c3", "贷款")] });
    await write(app, "您好。", settle);
    const state = () => [sent(calls), app.querySelector(".send")?.textContent?.trim()];
    expect(state()).toEqual([[], zh.sending]);
    tell(json({ package: {}, events: [], state: "HUMAN", holder: "agent1", epoch: 3, clocks: [] }));
    await settle();
    expect(state()).toEqual([[{ epoch: 3, text: "您好。" }], zh.send]);
  });

  it("says why it sends nothing to whom somebody else has, and keeps the text", async () => {
    const refused = json({ detail: "会话已由他人接手" }, 409);
    const { app, calls, settle, show } = await openConsole("#/talks/c1", {}, ({ path }) =>
      path.endsWith("/messages") ? refused : null,
    );
    await write(app, "您好。", settle, false);
    await show({ mine: [] });
    await write(app, "您好。", settle);
    expect(sent(calls)).toEqual([{ epoch: 3, text: "您好。" }]);
    expect(app.querySelector(".compose .trouble")?.textContent).toContain("会话已由他人接手");
    expect(app.querySelector<HTMLTextAreaElement>("#reply")?.value).toBe("您好。");
  });

  it("accepts who waits and is open, but never when one's hands are full", async () => {
    const waiting = [item("c3", "贷款", { state: "QUEUED" })];
    const claimed = async (hash: string, limit: number) => {
      const { press, calls } = await openConsole(hash, { queue: waiting, limit });
      await press(alt("A"));
      document.body.replaceChildren();
      return calls.some((one) => one.path.endsWith("/claim"));
    };
    expect(await claimed("#/talks/c3", 3)).toBe(true);
    expect(await claimed("#/talks/c1", 3)).toBe(false);
    expect(await claimed("#/talks/c3", 2)).toBe(false);
  });

  it("asks why one declines", async () => {
    const { press, calls, settle } = await openConsole("", { offers: [OFFER] });
    await press(alt("D"));
    expect(document.activeElement?.textContent?.trim()).toBe(zh.decline_busy);
    (document.activeElement as HTMLElement).click();
    await settle();
    expect(calls.find((one) => one.path.endsWith("/decline"))?.body).toEqual({
      epoch: 2,
      reason: zh.decline_busy,
    });
  });

  it("goes from unread to unread, around the end", async () => {
    const mine = [
      item("c1", "存款", { unread: 1, last_seq: 9 }),
      item("c2", "理财", { unread: 2, last_seq: 9 }),
    ];
    const { press, show } = await openConsole("#/talks/c1", { mine });
    await press(alt("N"));
    expect([location.hash, document.activeElement?.id]).toEqual(["#/talks/c2", "reply"]);
    await show({ mine: [item("c1", "存款", { unread: 2, last_seq: 10 }), item("c2", "理财")] });
    await press(alt("N"));
    expect(location.hash).toBe("#/talks/c1");
  });

  it("sends the completed version, and only where there is one", async () => {
    const refused = json({ rules: ["r"], reasons: ["缺提示"], completed_text: "好。风险自负。" }, 422);
    let once = true;
    const { app, press, calls, settle } = await openConsole("#/talks/c1", {}, (call) => {
      if (!call.path.endsWith("/messages") || !once) return null;
      once = false;
      return refused;
    });
    await press({ key: "Enter", code: "Enter", altKey: true });
    expect(sent(calls)).toEqual([]);
    await write(app, "好。", settle);
    expect(document.activeElement?.classList.contains("edit")).toBe(true); // Held down, Enter sends nothing.
    await press({ key: "Enter", code: "Enter", altKey: true });
    expect(sent(calls).at(-1)).toEqual({ epoch: 3, text: "好。风险自负。" });
  });

  it("finds the scripts, the ticket, the dialogs of transfer and wrap-up", async () => {
    const { app, press, to } = await openConsole("#/talks/c1");
    await press(alt("S"));
    expect(document.activeElement?.id).toBe("script-search");
    await press(alt("T"));
    expect(app.querySelector("dialog h2")?.textContent).toBe(zh.transfer_title);
    app.querySelector("dialog")?.dispatchEvent(new Event("cancel"));
    await to("#/talks/c2");
    await press(alt("W"));
    expect(app.querySelector("dialog h2")?.textContent).toBe(zh.close_title);
    app.querySelector("dialog")?.dispatchEvent(new Event("cancel"));
    await to("#/talks/c1");
    await press(alt("C"));
    expect(location.hash).toBe("#/tickets/new?conversation=c1");
  });

  it("opens the wrap-up form of what I have just ended, and of nobody else's", async () => {
    const asked = async (holder: string) => {
      const { app, press } = await openConsole("#/talks/c3", {}, ended("c3", holder));
      await press(alt("T"));
      expect(app.querySelector("dialog")).toBeNull();
      await press(alt("W"));
      const title = app.querySelector("dialog h2")?.textContent;
      app.remove();
      return title;
    };
    expect([await asked("agent1"), await asked("agent2")]).toEqual([zh.close_title, undefined]);
  });

  it("does nothing with a customer who is not mine", async () => {
    const { app, press } = await openConsole("#/talks/c3", {
      queue: [item("c3", "贷款", { state: "QUEUED" })],
      limit: 2,
    });
    for (const letter of ["T", "W", "C", "R"]) await press(alt(letter));
    expect([app.querySelector("dialog"), location.hash]).toEqual([null, "#/talks/c3"]);
  });

  it("shows every shortcut on a sheet, and gives the keyboard back", async () => {
    const { app, press, settle } = await openConsole("#/talks/c1");
    app.querySelector<HTMLElement>("#reply")?.focus();
    await press(alt("H"));
    const words = app.querySelector("dialog")?.textContent ?? "";
    for (const { label } of Object.values(SHORTCUTS)) expect(words).toContain(zh[label]);
    app.querySelector("dialog")?.dispatchEvent(new Event("cancel"));
    await settle();
    expect([app.querySelector("dialog"), document.activeElement?.id]).toEqual([null, "reply"]);
  });
});
