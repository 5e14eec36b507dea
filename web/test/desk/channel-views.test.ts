// @vitest-environment happy-dom
import { render } from "lit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeskApi } from "../../src/desk/api";
import { Desk } from "../../src/desk/desk";
import { en } from "../../src/desk/labels.en";
import { zh } from "../../src/desk/labels.zh";
import type { ChannelState, Item } from "../../src/desk/model";
import { DeskPicture } from "../../src/desk/picture";
import { sideView } from "../../src/desk/views-side";
import { talkView } from "../../src/desk/views-talk";
import type { WireEvent } from "../../src/shared/wire";
import { PageStore } from "../../src/widget/memory";
import { json, liveStream, said, scripted } from "../make";

customElements.define("desk-picture", DeskPicture);

const NOW = "2026-11-22T12:00:00+08:00";
const WECHAT = {
  name: "wechat",
  subscribed: true,
  window_until: "2026-11-24T12:00:00+08:00",
  left: 3,
  held: 0,
  deliveries: {},
};

interface Scene {
  channel?: string;
  state?: Partial<ChannelState> | null;
  events?: WireEvent[];
  labels?: typeof zh;
  id?: string;
}

/** An agent's open conversation, on the page. */
async function scene({ channel = "wechat", state = {}, events = [], labels = zh, id = "c1" }: Scene = {}) {
  const channel_state = channel === "web" ? { name: "web" } : { ...WECHAT, ...state };
  const line = liveStream();
  const server = scripted((call) => {
    if (call.path === "/api/desk/session") return json({ csrf_token: "t", user: { username: "agent1" } });
    if (call.path === "/api/desk/events") return line.response;
    if (call.path.startsWith("/api/desk/conversations/"))
      return json({
        package: { channel },
        events,
        state: "HUMAN",
        holder: "agent1",
        epoch: 3,
        channel_state,
      });
    return json({});
  });
  const desk = new Desk({
    api: new DeskApi(server.fetcher),
    store: new PageStore(),
    labels: () => labels,
    ring: () => undefined,
    changed: () => undefined,
  });
  await desk.start();
  await settle();
  const item: Item = { conversation_id: id, channel, state: "HUMAN", epoch: 3, last_seq: 0 };
  const { deliveries: _, ...brief } = { deliveries: null, ...channel_state };
  const waits = (name: string, more: object = {}) => ({
    ...item,
    conversation_id: name,
    state: "QUEUED",
    channel_state: brief,
    ...more,
  });
  line.send("desk", {
    now: NOW,
    presence: "ready",
    limit: 3,
    queue: [waits("q1")],
    offers: [waits("o1", { state: "OFFERED", expires_at: NOW })],
    mine: [{ ...item, channel_state }],
  });
  desk.select(id);
  await settle();
  const page = document.body.appendChild(document.createElement("div"));
  const show = () => {
    const talk = talkView({
      desk,
      labels,
      draft: "",
      overrideReason: "",
      write: () => undefined,
      setOverrideReason: () => undefined,
      send: () => undefined,
      dialog: () => undefined,
    });
    render(
      [
        sideView({
          desk,
          labels,
          declining: null,
          setDeclining: () => undefined,
          rows: 50,
          moreRows: () => undefined,
        }),
        talk,
      ],
      page,
    );
  };
  show();
  await settle();
  return { page, desk, line, show, text: (at: string) => words(page.querySelector(at)) };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const words = (element: Element | null) => element?.textContent?.replace(/\s+/g, " ").trim() ?? null;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("a customer on WeChat", () => {
  it("wears the channel's badge in the queue, the offers, one's own and at the head", async () => {
    const { page } = await scene();
    for (const place of [".offer", ".card.current", ".side section:nth-of-type(3)", ".talk-head"]) {
      expect([...page.querySelectorAll(`${place} .tag`)].map(words), place).toContain("微信");
    }
  });

  it("shows how many messages may still go out, and until when", async () => {
    expect((await scene()).text(".reach")).toBe("还可发 3 条 · 窗口至 11月24日 12:00");
    expect((await scene({ labels: en })).text(".reach")).toBe(
      "3 more can be sent · window until 11/24 12:00",
    );
    expect((await scene({ state: { left: null } })).text(".reach")).toBe("窗口至 11月24日 12:00");
    expect((await scene({ state: { held: 2 } })).text(".reach")).toContain("2 条待送达");
  });

  it("warns at the last message, without a banner yet", async () => {
    const { page, text } = await scene({ state: { left: 1 } });
    expect(page.querySelector(".reach.low")).not.toBeNull();
    expect(text(".wait")).toBeNull();
    expect((await scene()).page.querySelector(".reach.low")).toBeNull();
  });

  it.each<[string, Partial<ChannelState>, string]>([
    ["no message is left", { left: 0 }, zh.wait_used_up],
    ["the window is over", { window_until: "2026-11-22T11:59:59+08:00" }, zh.wait_over],
    ["there is no window", { window_until: null }, zh.wait_over],
  ])("says what happens with what is sent when %s", async (_why, state, words) => {
    const { text } = await scene({ state });
    expect(text("[role=status] .wait")).toBe(words);
  });

  it("who has unsubscribed is said plainly, with no promise of a delivery", async () => {
    const { text } = await scene({ state: { subscribed: false } });
    expect(text(".reach")).toBe("客户已取消关注公众号");
    expect(text(".wait")).toBe(zh.wait_unsubscribed);
  });

  it("says under each message what became of it, in words, and nothing when it arrived", async () => {
    const states = ["pending", "sent", "ambiguous", "held", "failed", "dropped"] as const;
    const { page } = await scene({
      events: [...states.map((_, at) => said(at + 1, "agent")), said(7, "customer")],
      state: { deliveries: Object.fromEntries(states.map((one, at) => [at + 1, one])) },
    });
    expect(
      [...page.querySelectorAll("article.event")].map((one) => words(one.querySelector(".delivery"))),
    ).toEqual([
      "送达情况：发送中",
      null,
      "送达情况：未确认送达",
      "送达情况：待客户来消息后送达",
      "送达情况：未送达",
      "送达情况：未送达",
      null,
    ]);
  });

  it("sees a delivery change without a new event", async () => {
    const { page, line, show, text } = await scene({
      events: [said(1, "agent")],
      state: { deliveries: { 1: "pending" } },
    });
    expect(text(".delivery")).toContain("发送中");
    const channel_state = { ...WECHAT, deliveries: { 1: "sent" } };
    line.send("conversation", { conversation_id: "c1", events: [], epoch: 3, channel_state });
    await settle();
    show();
    expect(page.querySelector(".delivery")).toBeNull();
  });

  it("has a notice's delivery too", async () => {
    const { text } = await scene({
      events: [said(1, "system", { kind: "state", text: "已接入", state: "HUMAN" })],
      state: { deliveries: { 1: "held" } },
    });
    expect(text(".noted")).toContain("待客户来消息后送达");
  });
});

describe("a customer on the web", () => {
  it("has a badge, and neither a window nor deliveries nor a banner", async () => {
    const { page, text } = await scene({ channel: "web", events: [said(1, "agent")] });
    expect(text(".talk-head .tag")).toBe("网页");
    expect(page.querySelector(".reach, .delivery, .noted, .compose [role=status]")).toBeNull();
  });
});

describe("what the customer sent", () => {
  const sent = (kind: string, text: string) => said(4, "customer", { media: { kind }, text });

  it("as a picture is shown, and opens in a new tab", async () => {
    const { page } = await scene({ events: [sent("image", "〔图片〕")] });
    const [link, image] = [page.querySelector(".picture"), page.querySelector(".picture img")];
    expect(image?.getAttribute("src")).toBe("/api/desk/conversations/c1/media/4");
    expect(image?.getAttribute("alt")).toContain("客户 09:00 发来的图片");
    expect([link?.getAttribute("href"), link?.getAttribute("target"), link?.getAttribute("rel")]).toEqual([
      "/api/desk/conversations/c1/media/4",
      "_blank",
      "noopener",
    ]);
  });

  it("as a picture that has expired says so, and can be asked for again", async () => {
    const { page, text } = await scene({ events: [sent("image", "〔图片〕")] });
    page.querySelector("img")?.dispatchEvent(new Event("error"));
    await settle();
    expect(text(".picture-gone")).toContain(zh.picture_gone);
    page.querySelector<HTMLButtonElement>(".picture-gone button")?.click();
    await settle();
    expect(page.querySelector(".picture-gone")).toBeNull();
    expect(page.querySelector(".picture img")).not.toBeNull();
  });

  it("never shows in the place of another customer's", async () => {
    const { page, desk, show } = await scene({ events: [sent("image", "〔图片〕")] });
    const first = page.querySelector("desk-picture");
    desk.select("c2");
    await settle();
    show();
    await settle();
    expect(page.querySelector("desk-picture")).not.toBe(first);
    expect(page.querySelector("img")?.getAttribute("src")).toBe("/api/desk/conversations/c2/media/4");
  });

  it.each([
    ["voice", "下载语音"],
    ["video", "下载视频"],
    ["file", "下载文件"],
  ])("as %s keeps its words and can be saved", async (kind, label) => {
    const { page, text } = await scene({ events: [sent(kind, "我想挂失")] });
    expect(text(".said .text")).toBe("我想挂失");
    const link = page.querySelector(".save a");
    expect([words(link), link?.getAttribute("href"), link?.hasAttribute("download")]).toEqual([
      label,
      "/api/desk/conversations/c1/media/4",
      true,
    ]);
  });

  it.each([["location"], ["hologram"]])("as %s is words alone", async (kind) => {
    const { page, text } = await scene({ events: [sent(kind, "〔位置〕")] });
    expect(text(".said .text")).toBe("〔位置〕");
    expect(page.querySelector(".said a, .said img")).toBeNull();
  });
});
