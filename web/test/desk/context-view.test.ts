// @vitest-environment happy-dom
import { render } from "lit";
import { afterEach, describe, expect, it } from "vitest";
import { en } from "../../src/desk/labels.en";
import { zh } from "../../src/desk/labels.zh";
import type { Package } from "../../src/desk/model";
import { contextView } from "../../src/desk/views-context";

function shown(context: Package["context"], labels = zh) {
  render(contextView(labels, context), document.body);
  const text = (selector: string) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
  return { title: text("h3")[0], names: text("dt"), values: text("dd") };
}

describe("where the customer came from", () => {
  afterEach(() => render(null, document.body));

  const all = { campaign: "春节", branch: "示范银行城东支行", page: "https://bank.example/loans" };

  it.each([
    ["zh", zh, "客户来源", ["来源页面", "扫码网点", "活动"]],
    ["en", en, "Where the customer came from", ["Page", "Branch (scanned)", "Campaign"]],
  ])("is told in words, page first (%s)", (_lang, labels, title, names) => {
    expect(shown(all, labels as typeof zh)).toEqual({
      title,
      names,
      values: ["https://bank.example/loans", "示范银行城东支行", "春节"],
    });
  });

  it.each([
    undefined,
    null,
    {},
    { page: "" },
    { page: 7 },
    { weather: "晴" },
  ])("%j says nothing", (context) => {
    expect(shown(context as Package["context"]).title).toBeUndefined();
  });

  it("is no link: nobody opens a page that a customer's browser named", () => {
    shown({ page: "javascript:alert(1)" });
    expect(document.querySelector("a")).toBeNull();
    expect(document.querySelector("dd")?.textContent).toBe("javascript:alert(1)");
  });

  it("shows words that look like markup as words", () => {
    expect(shown({ campaign: "<img src=x>" }).values).toEqual(["<img src=x>"]);
    expect(document.querySelector("img")).toBeNull();
  });
});
