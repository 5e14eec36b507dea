// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { QiantaiChat } from "../../src/widget/element";
import { isSendKey } from "../../src/widget/keys";
import { json, liveStream, said, scripted, status } from "../make";

customElements.define("qiantai-chat", QiantaiChat);

const PAGE = {
  bank: { name: "示范银行", hotline: "000", sample: true, sample_notice: "样例" },
  assistant: { name: "小前", banner: "您正在与智能客服对话（非人工）" },
  privacy: { title: "个人信息处理说明", text: "第一行\n第二行" },
  max_chars: 10,
};

async function setUp(attributes: Record<string, string> = {}) {
  const live = liveStream();
  const server = scripted((call) => {
    if (call.path === "/api/chat/page") return json(PAGE);
    if (call.path === "/api/chat/conversations") return json({ conversation_id: "c1", token: "t1" }, 201);
    if (call.path.startsWith("/api/chat/events")) return live.response;
    return json({ seq: 2 }, 202);
  });
  vi.stubGlobal("fetch", server.fetcher);
  const element = document.createElement("qiantai-chat") as QiantaiChat;
  element.server = "https://bank.example";
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  await element.updateComplete;
  const root = element.shadowRoot as ShadowRoot;
  const find = <T extends HTMLElement>(selector: string) => root.querySelector<T>(selector);
  const settle = async () => {
    await vi.advanceTimersByTimeAsync(0);
    await element.updateComplete;
  };
  const open = async () => {
    find(".launcher")?.click();
    await settle();
    live.send("status", status());
    await settle();
  };
  const write = async (text: string) => {
    const box = find<HTMLTextAreaElement>("#box");
    if (!box) throw new Error("no box");
    box.value = text;
    box.dispatchEvent(new Event("input"));
    await settle();
    return box;
  };
  const posted = () =>
    server.calls.filter((call) => call.path === "/api/chat/messages").map((call) => call.body);
  const bound = () => server.calls.filter((call) => call.path === "/api/chat/bind").map((call) => call.body);
  return { element, root, find, settle, open, write, posted, bound, live, calls: server.calls };
}

describe("<qiantai-chat>", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    sessionStorage.clear();
  });
  afterEach(() => {
    document.body.replaceChildren();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("says that no person answers, from the first moment on", async () => {
    const { find, open } = await setUp();
    find(".launcher")?.click();
    await open();
    expect(find(".banner")?.textContent).toContain("非人工");
  });

  it("shows 已撤回 in the place of what an agent took back", async () => {
    const { root, open, settle, live } = await setUp();
    await open();
    const li = { kind: "agent", name: "李敏" } as const;
    live.send("event", said(1, "agent", { actor: li, text: "说错的话", disclosures: [{ id: "loan_cost" }] }));
    live.send("event", said(2, "agent", { actor: li, text: "说对的话" }));
    await settle();
    expect(root.textContent).toContain("说错的话");
    live.send("event", said(3, "agent", { actor: li, kind: "notice", text: "", recalls: 1 }));
    await settle();
    const messages = [...root.querySelectorAll(".message.agent")].map((one) => one.querySelector(".text"));
    expect(messages.map((one) => one?.textContent)).toEqual(["已撤回", "说对的话"]);
    expect(root.querySelector(".warned")).toBeNull();
  });

  it("shows whose words they are: assistant, person, customer", async () => {
    const { root, open, settle, live } = await setUp();
    await open();
    live.send("event", said(1, "bot"));
    live.send("event", said(2, "customer"));
    live.send("event", said(3, "agent", { actor: { kind: "agent", name: "李敏" } }));
    live.send("status", status({ state: "HUMAN", holder: "a1", agent: "李敏" }));
    await settle();
    expect([...root.querySelectorAll(".badge")].map((badge) => badge.textContent)).toEqual([
      "智能客服",
      "人工",
    ]);
    expect(root.querySelector(".banner")?.textContent).toContain("李敏");
    expect(root.querySelectorAll(".message.mine")).toHaveLength(1);
  });

  it("shows words that look like markup as words", async () => {
    const { root, open, settle, live } = await setUp();
    const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await open();
    live.send("event", said(1, "agent", { text: evil, choices: [{ id: "x", label: evil }] }));
    await settle();
    expect(root.querySelector(".message.agent .text")?.textContent).toBe(evil);
    expect(root.querySelectorAll("img, script")).toHaveLength(0);
  });

  it("sends with Enter, and keeps the text while an input method composes", async () => {
    const { open, write, posted, settle } = await setUp();
    await open();
    const box = await write("你好");
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", shiftKey: true }));
    await settle();
    expect(posted()).toEqual([]);
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    await settle();
    expect(posted()).toEqual([{ text: "你好" }]);
    const key = { key: "Enter", shiftKey: false, isComposing: false, keyCode: 13 };
    expect([
      isSendKey(key),
      isSendKey({ ...key, isComposing: true }),
      isSendKey({ ...key, keyCode: 229 }),
    ]).toEqual([true, false, false]);
  });

  it("keeps a text that is too long, says by how much, and does not send it", async () => {
    const { open, write, posted, find, settle } = await setUp();
    await open();
    const box = await write("一二三四五六七八九十多了");
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    await settle();
    expect(posted()).toEqual([]);
    expect(box.value).toBe("一二三四五六七八九十多了");
    expect(find("#limit")?.textContent).toContain("2");
    expect(find<HTMLButtonElement>(".send")?.disabled).toBe(true);
  });

  it("keeps what is being written over a reload", async () => {
    const first = await setUp();
    await first.open();
    await first.write("写到一半");
    first.element.remove();
    const second = await setUp();
    await second.settle();
    expect(second.element.open).toBe(true);
    expect(second.find<HTMLTextAreaElement>("#box")?.value).toBe("写到一半");
  });

  it("has a button for a person always, and in the queue one to leave it", async () => {
    const { find, open, settle, live, posted } = await setUp();
    await open();
    find(".human")?.click();
    await settle();
    expect(posted()).toEqual([{ choice: "human" }]);
    live.send("event", said(2, "customer"));
    live.send("status", status({ state: "QUEUED", holder: null, queue: { place: 2, eta_s: 170 } }));
    await settle();
    expect(find(".queue")?.textContent).toMatch(/第 2 位[\s\S]*约 3 分钟/);
    expect(find<HTMLButtonElement>(".human")?.disabled).toBe(true);
    find(".queue button")?.click();
    await settle();
    expect(posted()).toEqual([{ choice: "human" }, { choice: "cancel" }]);
  });

  it("shows the privacy notice until it is acknowledged, and whenever it is asked for", async () => {
    const { find, open, settle } = await setUp();
    await open();
    expect(find(".privacy-text")?.textContent).toBe("第一行\n第二行");
    find(".privacy button")?.click();
    await settle();
    expect(find(".privacy")).toBeNull();
    expect(localStorage.getItem("qiantai:https://bank.example:privacy")).toBe("1");
    find(".quick .plain")?.click();
    await settle();
    expect(find(".privacy")).not.toBeNull();
  });

  it("remembers large type", async () => {
    const { element, find, open, settle } = await setUp();
    await open();
    find(".tool")?.click();
    await settle();
    expect(element.hasAttribute("large-type")).toBe(true);
    element.remove();
    expect((await setUp()).element.largeType).toBe(true);
  });

  it("closes with Escape and gives the focus back", async () => {
    const { element, root, find, open, settle } = await setUp();
    await open();
    find(".panel")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    await settle();
    expect(element.open).toBe(false);
    expect(root.activeElement).toBe(find(".launcher"));
  });

  describe("with the bank's link in the page's address", () => {
    afterEach(() => history.replaceState(null, "", "/"));

    it("stands open, takes the link out of the address and tells it once", async () => {
      history.replaceState(null, "", "/service#contact&customer=a~b~c");
      const { element, live, settle, bound } = await setUp();
      expect([element.open, location.pathname + location.hash]).toEqual([true, "/service#contact"]);
      await settle();
      live.send("status", status());
      live.send("status", status({ last_seq: 1 }));
      await settle();
      expect(bound()).toEqual([{ link: "a~b~c" }]);
    });

    it("follows a link to the page on which it stands already", async () => {
      const { element, live, settle, bound } = await setUp();
      location.hash = "#customer=a~b~c";
      window.dispatchEvent(new Event("hashchange"));
      await settle();
      expect([element.open, location.hash]).toEqual([true, ""]);
      live.send("status", status());
      await settle();
      expect(bound()).toEqual([{ link: "a~b~c" }]);
    });

    it("leaves an address alone that is none of its business", async () => {
      history.replaceState(null, "", "/service#customer=support");
      const { element } = await setUp();
      expect([element.open, location.hash]).toEqual([false, "#customer=support"]);
    });

    it("waits with the link for the server that the page names later", async () => {
      history.replaceState(null, "", "/service#customer=a~b~c");
      const { element, live, settle, calls } = await setUp({ server: "https://first.example" });
      element.server = "https://bank.example";
      await settle();
      live.send("status", status());
      await settle();
      expect(calls.filter((call) => call.path === "/api/chat/bind").at(-1)?.body).toEqual({ link: "a~b~c" });
    });
  });

  it("takes the customer from its attribute, and stays closed", async () => {
    const { element, open, bound } = await setUp({ customer: "a~b~c" });
    expect(element.open).toBe(false);
    await open();
    expect(bound()).toEqual([{ link: "a~b~c" }]);
    element.customer = "d~e~f";
    await element.updateComplete;
    await vi.advanceTimersByTimeAsync(0);
    expect(bound()).toEqual([{ link: "a~b~c" }, { link: "d~e~f" }]);
  });

  it("fits the panel above a phone's keyboard", async () => {
    const view = Object.assign(new EventTarget(), { height: 412.4, offsetTop: 31.6 });
    vi.stubGlobal("visualViewport", view);
    const { element, find, open } = await setUp();
    await open();
    view.dispatchEvent(new Event("resize"));
    const fits = () =>
      ["--view-height", "--view-top"].map((name) => find(".panel")?.style.getPropertyValue(name));
    expect(fits()).toEqual(["412px", "32px"]);
    element.remove();
    view.height = 844;
    view.dispatchEvent(new Event("resize"));
    expect(fits()[0]).toBe("412px");
  });
});
