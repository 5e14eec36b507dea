// @vitest-environment happy-dom
import { render } from "lit";
import { afterEach, describe, expect, it } from "vitest";
import { en } from "../../src/desk/labels.en";
import { zh } from "../../src/desk/labels.zh";
import { readDesk } from "../../src/desk/read";
import { stopsView } from "../../src/desk/views-stops";

const TOPIC = {
  id: 1,
  kind: "topic",
  subject: "wealth",
  why: "提示在改",
  since: "2026-11-22T12:00:00+08:00",
  until: null,
};
const BOT = { ...TOPIC, id: 2, kind: "bot", subject: "", until: "2026-11-22T18:00:00+08:00" };

function lines(incidents: unknown, labels = zh): (string | null)[] {
  const view = readDesk({ now: "2026-11-22T12:00:00+08:00", incidents });
  render(stopsView(labels, view?.incidents ?? []), document.body);
  return [...document.querySelectorAll(".stops p")].map((one) => one.textContent);
}

describe("what is stopped", () => {
  afterEach(() => render(null, document.body));

  it("stands above the columns, one line each", () => {
    expect(lines([TOPIC, BOT])).toEqual([
      "主题 wealth 已停用（11/22 12:00起）：提示在改",
      "智能客服已停用（11/22 12:00起，到 11/22 18:00）：提示在改",
    ]);
  });

  it("is told in English too", () => {
    expect(lines([BOT], en as typeof zh)).toEqual([
      "The assistant stopped (since 11/22 12:00, until 11/22 18:00): 提示在改",
    ]);
  });

  it.each([[undefined], [[]], ["x"], [[{ kind: "weather" }, null]]])("%j is no banner", (incidents) => {
    expect(lines(incidents)).toEqual([]);
    expect(document.querySelector(".stops")).toBeNull();
  });

  it("shows words that look like markup as words", () => {
    expect(lines([{ ...TOPIC, why: "<img src=x>" }])[0]).toContain("<img src=x>");
    expect(document.querySelector("img")).toBeNull();
  });
});
