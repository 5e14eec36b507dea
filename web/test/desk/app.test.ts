// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { zh } from "../../src/desk/labels.zh";
import { json } from "../make";
import { atNow, openConsole } from "./console";

describe("the console", () => {
  atNow();

  it("opens with the conversation of its address", async () => {
    expect((await openConsole("#/talks/c2")).heading()).toBe("理财");
  });

  it("opens my conversations by number, names them in the address, and puts the keyboard into the reply", async () => {
    const { press, to, heading } = await openConsole();
    expect(heading()).toBe(zh.pick);
    await press({ key: "2", code: "Digit2", altKey: true });
    expect([heading(), location.hash, document.activeElement?.id]).toEqual(["理财", "#/talks/c2", "reply"]);
    await to("#/board");
    expect(heading()).toBeUndefined();
    await press({ key: "1", code: "Digit1", altKey: true });
    await to(location.hash); // As the browser says it, a moment later.
    expect([heading(), location.hash, document.activeElement?.id]).toEqual(["存款", "#/talks/c1", "reply"]);
  });

  it("offers to send what the guard refuses to those whom the server gives that right, whatever they are called", async () => {
    const offers = async (user: object) => {
      const { app, settle } = await openConsole("#/talks/c1", {}, ({ path }) => {
        if (path.endsWith("/session"))
          return json({ csrf_token: "s", user: { username: "agent1", ...user } });
        return path.endsWith("/messages") ? json({ rules: ["r"], reasons: ["不能承诺保本"] }, 422) : null;
      });
      const box = app.querySelector<HTMLTextAreaElement>("#reply");
      if (box) box.value = "保本";
      box?.dispatchEvent(new Event("input"));
      await settle();
      app.querySelector<HTMLElement>(".send")?.click();
      await settle();
      const shown = app.querySelector(".verdict")?.textContent?.includes(zh.guard_override);
      app.remove();
      return shown;
    };
    expect(await offers({ roles: [], rights: ["desk", "override"] })).toBe(true);
    expect(await offers({ roles: ["supervisor"], rights: ["desk"] })).toBe(false);
  });

  it("closes a dialog with its conversation, and lets no shortcut lead away under it", async () => {
    const { app, press, to, click, heading } = await openConsole("#/talks/c1");
    await click(zh.close);
    expect(app.querySelector("dialog")).not.toBeNull();
    await press({ key: "2", code: "Digit2", altKey: true });
    expect([heading(), app.querySelector("dialog") !== null]).toEqual(["存款", true]);
    await to("#/talks/c2"); // The browser's own "forward".
    expect([heading(), app.querySelector("dialog")]).toEqual(["理财", null]);
    await to("#/talks/c1");
    expect(app.querySelector("dialog")).toBeNull();
  });
});
