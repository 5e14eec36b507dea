// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { zh } from "../../src/desk/labels.zh";
import { TODAY } from "../../src/desk/place";
import { TABS } from "../../src/desk/tabs/all";
import type { Tab, TabView } from "../../src/desk/tabs/tab";
import { asideView } from "../../src/desk/views-aside";
import { json } from "../make";
import { onOnePage, type Start, setUp } from "./tickets/make";

const SCRIPT = { id: "card_lost", version: 3, title: "挂失", text: "请先挂失。", disclosures: [] };

/** The panel beside a conversation, as the console holds it. */
async function panel(tabs: readonly Tab[] = TABS, start: Start = {}) {
  const { desk, draw, asked } = await setUp({ place: TODAY, ...start });
  const inserted: string[] = [];
  let tab = tabs[0] as Tab;
  const view: TabView = { desk, labels: zh, insert: (text) => void inserted.push(text) };
  const page = () =>
    draw(() =>
      asideView({
        ...view,
        tabs,
        tab,
        choose: (one) => {
          tab = one;
          one.chosen?.(view);
        },
      }),
    );
  const buttons = () => [...page().querySelectorAll<HTMLElement>("[role=tab]")];
  const press = (key: string, more: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    (document.activeElement ?? document.body).dispatchEvent(event);
    return event.defaultPrevented;
  };
  const front = () => buttons().find((one) => one.getAttribute("aria-selected") === "true")?.id;
  return { desk, page, buttons, press, front, inserted, asked };
}

describe("the tabs beside a conversation", () => {
  onOnePage();

  it("are one stop of the keyboard, and name what they show", async () => {
    const { page, buttons } = await panel();
    expect(buttons().map((one) => one.textContent)).toEqual(TABS.map((one) => zh[one.label]));
    expect(buttons().map((one) => one.tabIndex)).toEqual(TABS.map((_, at) => (at === 0 ? 0 : -1)));
    const body = page().querySelector("[role=tabpanel]");
    expect(body?.getAttribute("aria-labelledby")).toBe("tab-package");
    expect(buttons().map((one) => one.getAttribute("aria-controls"))).toEqual(TABS.map(() => body?.id));
  });

  it("are led through by the arrows, around the ends, and the keyboard goes along", async () => {
    const third: Tab = { id: "third", label: "cases", draw: () => "第三页" };
    const { page, buttons, press, front } = await panel([...TABS.slice(0, 2), third]);
    buttons()[0]?.focus();
    const seen = ["ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"].map((key) => {
      expect(press(key)).toBe(true);
      expect(front()).toBe(document.activeElement?.id);
      return front();
    });
    expect(seen).toEqual(["tab-scripts", "tab-third", "tab-package", "tab-third", "tab-package"]);
    expect(press("ArrowLeft", { altKey: true })).toBe(false); // The browser's own "back".
    press("ArrowLeft");
    expect(page().querySelector("[role=tabpanel]")?.textContent).toContain("第三页");
  });

  it("look the scripts up when they come to the front, and while one types; a click puts one in", async () => {
    const { page, buttons, inserted, asked } = await panel(TABS, {
      answer: ({ path }) => (path.includes("/scripts?") ? json({ scripts: [SCRIPT] }) : null),
    });
    buttons()[1]?.click();
    await vi.advanceTimersByTimeAsync(250);
    const box = page().querySelector<HTMLInputElement>("#script-search");
    for (const words of ["挂", "挂失"]) {
      if (box) box.value = words;
      box?.dispatchEvent(new Event("input"));
    }
    await vi.advanceTimersByTimeAsync(250);
    expect(asked("scripts?")).toEqual(
      ["", "挂失"].map((q) => `/api/desk/scripts?q=${encodeURIComponent(q)}`),
    );
    page().querySelector<HTMLElement>(".script")?.click();
    expect(inserted).toEqual(["请先挂失。"]);
  });

  it("forget with the sign-out what was looked for, and what is still being answered", async () => {
    const slow: ((answer: Response) => void)[] = [];
    const { desk } = await panel(TABS, {
      answer: ({ path }) => {
        if (path.includes(encodeURIComponent("挂失"))) return json({ scripts: [SCRIPT] });
        if (!path.includes("/scripts") && !path.endsWith("/suggestions")) return null;
        return new Promise((resolve) => slow.push(resolve));
      },
    });
    const { scripts } = desk;
    scripts.type("挂失");
    await vi.advanceTimersByTimeAsync(250);
    expect(scripts.found).toHaveLength(1);
    scripts.type("密码");
    await vi.advanceTimersByTimeAsync(250);
    scripts.follow("c1", 1);
    scripts.type("转账");
    await desk.signOut();
    expect(slow).toHaveLength(2);
    for (const answer of slow) answer(json({ scripts: [SCRIPT] }));
    await vi.advanceTimersByTimeAsync(250);
    expect(slow).toHaveLength(2);
    expect([scripts.query, scripts.found, scripts.suggested]).toEqual(["", [], []]);
    desk.hurry();
    await vi.advanceTimersByTimeAsync(0);
    expect([desk.phase, desk.signInTrouble]).toEqual(["signed-out", ""]);
  });
});
