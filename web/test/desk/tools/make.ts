import { nothing, render } from "lit";
import { onTestFinished, vi } from "vitest";
import { DeskApi } from "../../../src/desk/api";
import { Desk } from "../../../src/desk/desk";
import { zh } from "../../../src/desk/labels.zh";
import type { Item } from "../../../src/desk/model";
import type { TabView } from "../../../src/desk/tabs/tab";
import { talkView } from "../../../src/desk/views-talk";
import type { WireEvent } from "../../../src/shared/wire";
import { PageStore } from "../../../src/widget/memory";
import { type Call, json, liveStream, said, scripted } from "../../make";

export const NOW = "2026-11-22T09:01:00+08:00";
const USER = { csrf_token: "secret", user: { username: "agent1", name: "李敏", roles: [] } };
const PAGE = {
  bank: "示范银行",
  categories: [{ id: "loan_rate", label: "贷款利率" }],
  transfer_queues: [],
  recall_s: 120,
  quiet_s: 180,
};

export const settle = () => vi.advanceTimersByTimeAsync(0);
export const agentSays = (seq: number, more: Partial<WireEvent> = {}) =>
  said(seq, "agent", { actor: { kind: "agent", name: "李敏" }, at: "2026-11-22T09:00:00+08:00", ...more });

export interface Scene {
  events?: WireEvent[];
  item?: Partial<Item>;
  channel?: object;
  answer?(call: Call): Response | Promise<Response> | null;
  store?: PageStore;
}

/** An agent at the desk who has a conversation open, on a scripted server. */
export async function scene({
  events = [],
  item = {},
  channel = { name: "web" },
  answer,
  store = new PageStore(),
}: Scene = {}) {
  const line = liveStream();
  const log = [...events];
  const mine: Item = {
    conversation_id: "c1",
    channel: "web",
    state: "HUMAN",
    epoch: 3,
    last_seq: 0,
    ...item,
  };
  const server = scripted((call) => {
    const own = answer?.(call);
    if (own) return own;
    const path = call.path.replace("/api/desk/", "");
    if (path === "session") return json(USER);
    if (path === "page") return json(PAGE);
    if (path === "events") return line.response;
    if (path === "conversations/c1")
      return json({
        package: {},
        events: log,
        state: mine.state,
        holder: "agent1",
        epoch: 3,
        clocks: [],
        channel_state: channel,
      });
    return json({});
  });
  const desk = new Desk({
    api: new DeskApi(server.fetcher),
    store,
    labels: () => zh,
    ring: () => undefined,
    changed: () => undefined,
  });
  await desk.start();
  await settle();
  const show = async (more: object = {}) => {
    line.send("desk", {
      now: NOW,
      presence: "ready",
      limit: 3,
      queue: [],
      offers: [],
      mine: [mine],
      ...more,
    });
    await settle();
  };
  await show();
  desk.select("c1");
  await settle();
  const page = document.body.appendChild(document.createElement("div"));
  onTestFinished(() => {
    desk.stop();
    render(nothing, page); // No clock of this test ticks in the next.
  });
  const draw = (view: () => unknown) => {
    render(view(), page);
    return page;
  };
  const talk = () =>
    draw(() =>
      talkView({
        desk,
        labels: zh,
        draft: desk.drafts.text("c1"),
        overrideReason: "",
        write: (text) => desk.drafts.write("c1", text),
        setOverrideReason: () => undefined,
        send: () => undefined,
        dialog: () => undefined,
      }),
    );
  const inserted: string[] = [];
  const view: TabView = { desk, labels: zh, insert: (text) => void inserted.push(text) };
  const posts = (end: string) =>
    server.calls.filter((call) => call.method === "POST" && call.path.endsWith(end));
  const asked = (part: string) =>
    server.calls.filter((call) => call.method === "GET" && call.path.includes(part)).map((call) => call.path);
  return { desk, line, log, show, draw, talk, view, inserted, posts, asked, store };
}

export const words = (element: Element | null | undefined) =>
  element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
