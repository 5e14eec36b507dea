// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { CHECK_AFTER_MS } from "../../../src/desk/tools/check";
import { type Call, json } from "../../make";
import { NOW, scene, settle, words } from "./make";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function writing(verdict: object | ((call: Call) => Response | Promise<Response>)) {
  const judged = typeof verdict === "function" ? verdict : () => json(verdict);
  const made = await scene({ answer: (call) => (call.path.endsWith("/check") ? judged(call) : null) });
  const types = (text: string) => {
    made.desk.drafts.write("c1", text);
    return made.talk();
  };
  const line = () => words(made.talk().querySelector(".checked"));
  const pause = () => vi.advanceTimersByTimeAsync(CHECK_AFTER_MS);
  return { ...made, types, line, pause };
}

describe("the guard's verdict while one types", () => {
  it("is asked for after a pause, once for each text, and sends nothing", async () => {
    const { types, pause, posts, line } = await writing({ verdict: "refuse", reasons: ["不能承诺保本"] });
    types("这款理财");
    await vi.advanceTimersByTimeAsync(CHECK_AFTER_MS - 1);
    types("这款理财保本");
    await pause();
    line();
    await pause();
    expect(posts("/check").map((call) => call.body)).toEqual([{ text: "这款理财保本" }]);
    expect(line()).toBe(`${zh.check_refuse}不能承诺保本`);
    expect(posts("/messages")).toEqual([]);
  });

  it("is gone as soon as the text is another", async () => {
    const { types, pause, line } = await writing({
      verdict: "complete",
      reasons: ["缺提示"],
      completable: true,
    });
    types("这款理财");
    await pause();
    expect(line()).toBe(zh.check_complete);
    types("这款理财好");
    expect(line()).toBe("");
  });

  it("of an earlier text that comes late is not shown for this one", async () => {
    let answerFirst: (response: Response) => void = () => undefined;
    const slow = new Promise<Response>((resolve) => {
      answerFirst = resolve;
    });
    const { types, pause, line } = await writing(({ body }) =>
      JSON.stringify(body).includes("保本") ? slow : json({ verdict: "complete", completable: true }),
    );
    types("保本");
    await pause();
    types("您好");
    await pause();
    answerFirst(json({ verdict: "refuse", reasons: ["不能承诺保本"] }));
    await settle();
    expect(line()).toBe(zh.check_complete);
  });

  it("says nothing of a text that may go out, and nothing when it cannot be had", async () => {
    const { types, pause, line } = await writing({ verdict: "allow", reasons: [] });
    types("您好");
    await pause();
    expect(line()).toBe("");
    const broken = await writing({ nonsense: true });
    broken.types("您好");
    await broken.pause();
    expect([broken.line(), broken.desk.toast]).toEqual(["", ""]);
  });

  it("is not asked for where nothing can be sent", async () => {
    const { types, pause, posts, show } = await writing({ verdict: "allow" });
    await show({ mine: [] });
    types("您好");
    await pause();
    expect(posts("/check")).toEqual([]);
  });
});
