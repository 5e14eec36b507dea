// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import { splitFragment, takeLink } from "../../src/widget/customer";

const LINK = "IjAxMjM~awNcow~KZrHa_VJqBa-BG";

describe("the customer's link in a fragment", () => {
  it.each([
    [`#customer=${LINK}`, ""],
    [`#customer=${LINK}&from=menu`, "#from=menu"],
    [`#contact&customer=${LINK}`, "#contact"],
    [`#contact&customer=${LINK}&from=menu`, "#contact&from=menu"],
    [`#/loans/mortgage#customer=${LINK}`, "#/loans/mortgage"],
    [`#/loans?customer=${LINK}`, "#/loans"],
    [`#/loans?customer=${LINK}&from=menu`, "#/loans?from=menu"],
    [`#customer=${LINK}#wechat_redirect`, "#wechat_redirect"],
  ])("%s leaves %j", (hash, rest) => {
    expect(splitFragment(hash)).toEqual({ link: LINK, rest });
  });

  it.each([
    "",
    "#",
    "#contact",
    "#customer",
    "#customer=",
    "#customer=support", // a page's own
    "#customer=a~b",
    `#mycustomer=${LINK}`,
    `#customer=${LINK}%20`,
    `#customer=<b>~<i>~<u>`,
  ])("%j is the page's own business", (hash) => {
    expect(splitFragment(hash)).toEqual({ link: "", rest: hash });
  });

  it("may be packed, which begins with a dot", () => {
    expect(splitFragment(`#customer=.${LINK}`).link).toBe(`.${LINK}`);
  });
});

describe("the address bar", () => {
  afterEach(() => history.replaceState(null, "", "/"));

  it("loses the link and nothing else", () => {
    history.replaceState({ page: 7 }, "", `/service?lang=zh#contact&customer=${LINK}`);
    const before = history.length;
    expect(takeLink()).toBe(LINK);
    expect(location.pathname + location.search + location.hash).toBe("/service?lang=zh#contact");
    expect([history.length, history.state]).toEqual([before, { page: 7 }]);
    expect(takeLink()).toBe("");
  });

  it("loses the # too where nothing is left behind it", () => {
    history.replaceState(null, "", `/service#customer=${LINK}`);
    takeLink();
    expect(location.href.endsWith("/service")).toBe(true);
  });

  it("is left alone where there is no link", () => {
    history.replaceState({ page: 7 }, "", "/service#customer=support");
    expect(takeLink()).toBe("");
    expect([location.hash, history.state]).toEqual(["#customer=support", { page: 7 }]);
  });
});
