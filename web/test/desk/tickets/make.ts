import { render } from "lit";
import { afterEach, beforeEach, vi } from "vitest";
import { DeskApi } from "../../../src/desk/api";
import { Desk } from "../../../src/desk/desk";
import { type Labels, zh } from "../../../src/desk/labels.zh";
import { address, type Place } from "../../../src/desk/place";
import { focusWanted } from "../../../src/desk/tickets/focus";
import type { Brief, Full, Task } from "../../../src/desk/tickets/model";
import type { CasesView } from "../../../src/desk/tickets/views-list";
import { placeView } from "../../../src/desk/views-place";
import { PageStore } from "../../../src/widget/memory";
import { type Call, json, liveStream, scripted } from "../../make";

export const NOW = Date.parse("2026-11-25T10:00:00+08:00"); // A Wednesday.
export const NUMBER = "TS20261125-000001";
const USER = { csrf_token: "secret", user: { username: "agent1", name: "李敏", roles: ["agent"] } };

export const CHOICES = {
  severities: ["一般", "重要", "重大", "紧急"],
  states: [{ id: "NEW", label: "新建" }],
  channels: [{ id: "phone", label: "电话" }],
  axes: [
    {
      id: "content",
      label: "内容",
      values: [
        { id: "attitude", label: "服务态度" },
        { id: "fee", label: "费用争议" },
      ],
    },
  ],
  departments: ["信用卡部"],
  staff: [
    { id: "agent1", label: "李敏" },
    { id: "agent2", label: "王芳" },
  ],
  products: [{ id: "card", label: "信用卡" }],
  files: { types: ["image/jpeg", "application/pdf"], max_bytes: 10_485_760 },
};

export function brief(more: Partial<Brief> = {}): Brief {
  return {
    number: NUMBER,
    kind: "complaint",
    severity: "重要",
    repeat: false,
    group: false,
    state: "ACCEPTED",
    state_label: "已受理",
    owner: "投诉处理组",
    owner_user: null,
    taken_by: null,
    mine: false,
    may_work: true,
    channel: "web",
    channel_label: "网页聊天",
    facts: "柜员态度差，等候一小时",
    title: "柜员态度差",
    reason: null,
    conversation_id: "c9",
    opened_at: "2026-11-25T09:00:00+08:00",
    due: "2026-12-04T17:30:00+08:00",
    first_response_due: "2026-11-25T13:00:00+08:00",
    provisional: false,
    overdue: false,
    paused: false,
    next: {
      kind: "first_response",
      label: "首次答复",
      due_at: "2026-11-25T13:00:00+08:00",
      breached: false,
    },
    ...more,
  };
}

export function dueAt(at: string, breached = false): Brief["next"] {
  return { kind: "resolution", label: "办结", due_at: at, breached };
}

export function task(more: Partial<Task> = {}): Task {
  return {
    id: 12,
    kind: "visit",
    label: "回访",
    what: null,
    number: NUMBER,
    conversation_id: null,
    text: "了解客户意见",
    script: "您好，做一次回访。",
    opens_at: null,
    due_at: "2026-11-25T12:00:00+08:00",
    overdue: false,
    open: true,
    person: { id: "agent1", label: "李敏" },
    role: "agent",
    title: "柜员态度差",
    done_at: null,
    answers: null,
    ...more,
  };
}

export function full(more: Partial<Full> = {}): Full {
  return {
    ...brief(),
    version: 7,
    round: 1,
    received_at: "2026-11-25T09:00:00+08:00",
    updated_at: "2026-11-25T09:00:00+08:00",
    cap_days: 15,
    contact: "王〔手机·尾号8000〕",
    fields: {
      request: "书面道歉",
      basis: "",
      product: "card",
      amount: "",
      branch: "城东支行",
      on_behalf: "",
      representatives: [],
      customer_type: "personal",
      prefers: "",
    },
    classes: { content: "服务态度" },
    proposed_classes: true,
    root_cause: "",
    accused: [],
    pause: null,
    proposal: null,
    result: null,
    clocks: [],
    tasks: [],
    timeline: [{ at: "2026-11-25T09:00:00+08:00", actor: "系统", action: "opened", label: "登记", text: "" }],
    files: [],
    linked: [],
    repeat_of: null,
    earlier: [
      {
        number: "TS20261101-000009",
        title: "等了两个小时没人管",
        opened_at: "2026-11-01T09:00:00+08:00",
        state_label: "已办结",
      },
    ],
    allowed: [
      "accept",
      "note",
      "propose",
      "classify",
      "correct",
      "contact",
      "agreed",
      "extend",
      "promise",
      "repeat",
      "accused",
    ],
    ...more,
  };
}

export const settle = () => vi.advanceTimersByTimeAsync(0);

export interface Start {
  place?: Place;
  tickets?: Brief[];
  ticket?: () => Full;
  tasks?: Task[];
  alerts?: () => object[];
  answer?(call: Call): Response | Promise<Response> | null;
  store?: PageStore;
  labels?: Labels;
}

/** A desk on a scripted server, at a place of the console, and the page that shows it. */
export async function setUp(start: Start = {}) {
  const store = start.store ?? new PageStore();
  const labels = start.labels ?? zh;
  const stream = liveStream();
  const rung: string[] = [];
  const went: string[] = [];
  const server = scripted((call) => {
    const own = start.answer?.(call);
    if (own) return own;
    const path = call.path.replace("/api/desk/", "");
    if (path === "session") return json(USER);
    if (path === "page") return json({ bank: "示范银行", categories: [], transfer_queues: [] });
    if (path === "events") return stream.response;
    if (path === "tickets/options") return json(CHOICES);
    if (path === "tickets?state=open") return json({ tickets: [] });
    if (path.startsWith("tickets?")) return json({ tickets: start.tickets ?? [brief()], next: null });
    if (path.startsWith("tasks?")) return json({ tasks: start.tasks ?? [] });
    if (path === "alerts") return json({ alerts: start.alerts?.() ?? [] });
    if (path.endsWith("/contact")) return json({ contact: "13800138000" });
    if (path.startsWith("tickets/")) return json(start.ticket?.() ?? full());
    return json({});
  });
  const page = document.createElement("div");
  document.body.append(page);
  const desk = new Desk({
    api: new DeskApi(server.fetcher),
    store,
    labels: () => labels,
    ring: (kind) => rung.push(kind),
    changed: () => undefined,
    navigate: (to) => {
      went.push(to);
      desk.where.follow(to);
    },
  });
  desk.where.follow(address(start.place ?? { view: "list" }));
  await desk.start();
  await settle();
  stream.send("desk", {
    now: new Date(NOW).toISOString(),
    presence: "ready",
    limit: 3,
    queue: [],
    offers: [],
    mine: [],
  });
  await settle();
  const draw = (view: (view: CasesView) => unknown = placeView) => {
    render(view({ desk, labels }), page);
    const { slot } = desk.cases;
    if (slot.wanted && focusWanted(page, slot.wanted)) slot.wanted = null;
    return page;
  };
  const button = (words: string) => {
    const all = [...draw().querySelectorAll("button")];
    const found = all.find((one) => one.textContent?.trim().startsWith(words));
    if (!found) throw new Error(`no button ${words} among ${all.map((one) => one.textContent?.trim())}`);
    return found;
  };
  const press = async (words: string) => {
    button(words).click();
    await settle();
    draw();
  };
  const box = (name: string) => {
    const found = draw().querySelector<HTMLTextAreaElement>(`form [name$="${name}"]`);
    if (!found) throw new Error(`no box ${name}`);
    return found;
  };
  const write = (name: string, words: string) => {
    const one = box(name);
    one.value = words;
    one.dispatchEvent(new Event(one.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
    draw();
  };
  const choose = (value: string) => {
    const one = draw().querySelector<HTMLInputElement>(`form input[value="${value}"]`);
    if (!one) throw new Error(`nothing to choose: ${value}`);
    one.checked = !one.checked;
    one.dispatchEvent(new Event("change", { bubbles: true }));
    draw();
  };
  const submit = async () => {
    draw()
      .querySelector(".case-form")
      ?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    await settle();
    draw();
  };
  const posts = (end: string) =>
    server.calls.filter((call) => call.method === "POST" && call.path.endsWith(end));
  const asked = (part: string) =>
    server.calls.filter((call) => call.method === "GET" && call.path.includes(part)).map((call) => call.path);
  const words = () => (draw().textContent ?? "").replace(/\s+/g, " ");
  return {
    desk,
    page,
    draw,
    button,
    press,
    box,
    write,
    choose,
    submit,
    posts,
    asked,
    words,
    rung,
    went,
    stream,
    store,
  };
}

/** The page of the one case. */
export const open = (start: Start = {}) => setUp({ place: { view: "ticket", number: NUMBER }, ...start });

export const refusing =
  (act: string, body: object, status: number) =>
  ({ path }: Call) =>
    path.endsWith(`/${act}`) ? json(body, status) : null;

/** Time stands still, and a page is left behind empty. */
export function onOnePage(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });
}
