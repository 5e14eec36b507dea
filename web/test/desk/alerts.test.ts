// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { Bell, flashing } from "../../src/desk/attention";
import { zh } from "../../src/desk/labels.zh";
import { json } from "../make";
import { atNow, ended, item, NOW, openConsole } from "./console";

describe("the title", () => {
  it("changes each second while another tab is looked at, and stands still otherwise", () => {
    const at = (hidden: boolean) =>
      [0, 1000, 2000].map((now) => flashing("【新会话】前台", "前台", hidden, now));
    expect(at(true)).toEqual(["【新会话】前台", "前台", "【新会话】前台"]);
    expect(new Set(at(false)).size).toBe(1);
  });
});

describe("the sound", () => {
  atNow();

  it("says that the browser forbids it, also where the browser leaves that open", async () => {
    vi.stubGlobal(
      "AudioContext",
      class {
        state = "suspended";
        resume = () => new Promise(() => undefined);
      },
    );
    const heard = new Bell(() => undefined).test();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await heard).toBe("blocked");
  });

  it("is tried out with one button, which says what is to be heard", async () => {
    const { app, click, rung } = await openConsole();
    await click(zh.sound_test);
    expect([app.querySelector(".toast")?.textContent, rung()]).toEqual([zh.sound_sounded, 1]);
    await click(zh.mute);
    expect([...app.querySelectorAll("button")].some((one) => one.textContent?.includes(zh.sound_test))).toBe(
      false,
    );
  });

  it("rings for an offer", async () => {
    const { show, rung } = await openConsole();
    await show({ offers: [item("c3", "贷款", { state: "OFFERED" })] });
    expect(rung()).toBe(1);
  });
});

describe("my status", () => {
  atNow();

  it("is what the server says, not what was clicked", async () => {
    const { app, settle } = await openConsole("", {}, (call) =>
      call.path.endsWith("/presence") ? json({ detail: "现在不能改" }, 409) : null,
    );
    const box = (name: string) => app.querySelector<HTMLInputElement>(`.presence .${name} input`);
    box("away")?.click();
    await settle();
    await settle();
    expect([box("away")?.checked, box("ready")?.checked]).toEqual([false, true]);
  });
});

describe("a lost line", () => {
  atNow();

  it("is said loudly after two seconds, once, with the seconds for the eye; what is typed stays, and goes nowhere", async () => {
    let down = false;
    const { app, stream, calls, settle } = await openConsole("#/talks/c1", {}, () =>
      down ? json({}, 503) : null,
    );
    const box = app.querySelector<HTMLTextAreaElement>("#reply");
    if (box) box.value = "写到一半";
    box?.dispatchEvent(new Event("input"));
    down = true;
    stream.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(app.querySelector(".lost")).toBeNull();
    await vi.advanceTimersByTimeAsync(2_000);
    await settle();
    const banner = app.querySelector('.lost[role="alert"]');
    expect(banner?.firstChild?.nodeType).toBe(Node.COMMENT_NODE);
    expect(banner?.textContent).toContain(zh.lost);
    expect(banner?.querySelector("[aria-hidden=true]")?.textContent).toBe("0:03");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(app.querySelector('.lost[role="alert"]')).toBe(banner);
    expect([box?.value, app.querySelector<HTMLButtonElement>(".send")?.disabled]).toEqual(["写到一半", true]);
    expect(calls.filter((one) => one.path.endsWith("/messages"))).toEqual([]);
  });
});

describe("a laptop that slept", () => {
  atNow();

  it("asks at once how things stand, and has kept what was typed", async () => {
    const { app, calls, settle } = await openConsole("#/talks/c1");
    const box = app.querySelector<HTMLTextAreaElement>("#reply");
    if (box) box.value = "写到一半";
    box?.dispatchEvent(new Event("input"));
    await settle();
    const streams = () => calls.filter((one) => one.path === "/api/desk/events").length;
    expect(streams()).toBe(1);
    vi.setSystemTime(Date.parse(NOW) + 600_000); // No timer has run meanwhile.
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([streams(), app.querySelector<HTMLTextAreaElement>("#reply")?.value]).toEqual([2, "写到一半"]);
  });
});

describe("a dialog", () => {
  atNow();

  const boxes = (app: Element) => {
    const form = app.querySelector("dialog form");
    return {
      result: form?.querySelector<HTMLInputElement>('[value="follow_up"]'),
      category: form?.querySelector<HTMLSelectElement>('[name="category"]'),
      note: form?.querySelector<HTMLTextAreaElement>('[name="note"]'),
    };
  };

  it("stands after a reload as it was, and is empty once it was done", async () => {
    const first = await openConsole("#/talks/c1");
    await first.click(zh.close);
    const { result, category, note } = boxes(first.app);
    if (result) result.checked = true;
    if (category) category.value = "loan";
    if (note) note.value = "周五前回电";
    note?.dispatchEvent(new Event("input", { bubbles: true }));
    first.app.remove();

    const { app, calls, click, settle } = await openConsole("#/talks/c1");
    await settle();
    const again = boxes(app);
    expect([again.result?.checked, again.category?.value, again.note?.value]).toEqual([
      true,
      "loan",
      "周五前回电",
    ]);
    app.querySelector("dialog form")?.dispatchEvent(new Event("submit", { cancelable: true }));
    await settle();
    await settle();
    expect(calls.find((one) => one.path.endsWith("/wrapup"))?.body).toMatchObject({ note: "周五前回电" });
    expect(app.querySelector("dialog")).toBeNull();
    await click(zh.close);
    expect(boxes(app).note?.value).toBe("");
  });

  it("of a customer who has just gone stands after a reload too, once the server says whose he is", async () => {
    const first = await openConsole("#/talks/c3", {}, ended("c3", "agent1"));
    await first.click(zh.wrap_up_form);
    const { note } = boxes(first.app);
    if (note) note.value = "已告知网点";
    note?.dispatchEvent(new Event("input", { bubbles: true }));
    first.app.remove();
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { app, settle } = await openConsole("#/talks/c3", {}, (call) => {
      const answer = ended("c3", "agent1")(call);
      return answer && told.then(() => answer);
    });
    expect(app.querySelector("dialog")).toBeNull();
    tell();
    await settle();
    expect(boxes(app).note?.value).toBe("已告知网点");
    app.remove();
    const other = await openConsole("#/talks/c3", {}, ended("c3", "agent2"));
    await other.settle();
    expect(other.app.querySelector("dialog")).toBeNull();
  });

  it("that was cancelled keeps what was typed, but does not open by itself", async () => {
    const first = await openConsole("#/talks/c1");
    await first.click(zh.transfer);
    const { note } = boxes(first.app);
    if (note) note.value = "客户要找主管";
    note?.dispatchEvent(new Event("input", { bubbles: true }));
    first.app.querySelector("dialog")?.dispatchEvent(new Event("cancel"));
    first.app.remove();
    const { app, click, settle } = await openConsole("#/talks/c1");
    await settle();
    expect(app.querySelector("dialog")).toBeNull();
    await click(zh.transfer);
    expect(boxes(app).note?.value).toBe("客户要找主管");
  });
});
