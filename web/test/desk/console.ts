import { afterEach, beforeEach, vi } from "vitest";
import { DeskApp } from "../../src/desk/app";
import type { DeskView, Item } from "../../src/desk/model";
import { type Call, json, liveStream, said, scripted } from "../make";

customElements.define("desk-app", DeskApp);

export const NOW = "2026-11-22T01:00:00Z";

export function item(id: string, topic: string, more: Partial<Item> = {}): Item {
  return {
    conversation_id: id,
    channel: "web",
    state: "HUMAN",
    epoch: 3,
    last_seq: 1,
    unread: 0,
    topic,
    ...more,
  };
}

/** A server on which this conversation has just ended, and is his to wrap up. */
export function ended(id: string, holder: string) {
  return ({ path }: Call): Response | null =>
    path.endsWith(`/conversations/${id}`)
      ? json({ package: {}, events: [], state: "WRAP_UP", holder, epoch: 4, clocks: [] })
      : null;
}

/** For the tests of a block: time stands at `NOW`, and each begins without what the one before has left. */
export function atNow(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(NOW) });
  });
  afterEach(() => {
    document.body.replaceChildren();
    localStorage.clear();
    sessionStorage.clear();
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
}

const VIEW: DeskView = {
  now: NOW,
  presence: "ready",
  limit: 3,
  queue: [],
  offers: [],
  mine: [item("c1", "存款"), item("c2", "理财")],
};

/** The console on a scripted server, with two customers of mine: c1 about 存款, c2 about 理财. */
export async function openConsole(
  hash = "",
  first: Partial<DeskView> = {},
  override: (call: Call) => Response | Promise<Response> | null = () => null,
) {
  location.hash = hash;
  let live = liveStream();
  const { fetcher, calls } = scripted((call) => {
    const own = override(call);
    if (own) return own;
    const { path } = call;
    const part = path.replace("/api/desk/", "");
    if (part === "session")
      return json({ csrf_token: "s", user: { username: "agent1", name: "李敏", roles: [] } });
    if (part === "page")
      return json({
        bank: { name: "示范银行" },
        categories: [{ id: "loan", label: "贷款" }],
        transfer_queues: [],
      });
    if (/^events(\?watch=|$)/.test(part)) {
      live = liveStream(); // Each that is opened is another.
      return live.response;
    }
    if (/^conversations\/c\d$/.test(part)) {
      const topic = part.endsWith("1") ? "存款" : "理财";
      return json({
        package: { topic },
        events: [said(1, "customer")],
        state: "HUMAN",
        holder: "agent1",
        epoch: 3,
        clocks: [],
      });
    }
    return json({ tickets: [], tasks: [], alerts: [] });
  });
  vi.stubGlobal("fetch", fetcher);
  const heard = { tones: 0 };
  vi.stubGlobal("AudioContext", audio(heard));
  const app = document.createElement("desk-app") as DeskApp;
  document.body.append(app);
  const show = async (more: Partial<DeskView>) => {
    live.send("desk", { ...VIEW, ...more });
    await settle();
  };
  const settle = async () => {
    await vi.advanceTimersByTimeAsync(0);
    await app.updateComplete;
  };
  await settle();
  window.dispatchEvent(new Event("pointerdown")); // From now on the page may sound.
  await show(first);
  const press = async (init: KeyboardEventInit) => {
    window.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init }));
    await settle();
  };
  const to = async (address: string) => {
    location.hash = address;
    window.dispatchEvent(new Event("hashchange"));
    await settle();
  };
  const click = async (words: string) => {
    [...app.querySelectorAll("button")].find((one) => one.textContent?.trim() === words)?.click();
    await settle();
  };
  const heading = () => app.querySelector(".talk h2")?.textContent;
  const rung = () => heard.tones / 2;
  const stream = { send: (event: string, data: unknown) => live.send(event, data), end: () => live.end() };
  return { app, calls, rung, press, to, click, heading, show, settle, stream };
}

/** A browser's sound, which may ring at once: each tone is counted. */
function audio(heard: { tones: number }) {
  const param = {
    value: 0,
    setValueAtTime() {},
    linearRampToValueAtTime() {},
    exponentialRampToValueAtTime() {},
  };
  return class {
    state = "suspended";
    currentTime = 0;
    destination = {};
    async resume() {
      this.state = "running";
    }
    createOscillator() {
      const start = () => {
        heard.tones += 1;
      };
      return { frequency: param, connect: (next: unknown) => next, start, stop() {} };
    }
    createGain() {
      return { gain: param, connect: (next: unknown) => next };
    }
  };
}
