import type { ActorKind, Status, WireEvent } from "../src/shared/wire";
import type { Fetch } from "../src/widget/api";
import { Memory, PageStore } from "../src/widget/memory";
import type { Outgoing } from "../src/widget/outbox";

export function said(seq: number, kind: ActorKind, more: Partial<WireEvent> = {}): WireEvent {
  return {
    seq,
    at: "2026-11-22T09:00:00+08:00",
    kind: "message",
    actor: { kind },
    text: `${kind} ${seq}`,
    ...more,
  };
}

export function status(more: Partial<Status> = {}): Status {
  return {
    state: "BOT",
    holder: "bot",
    epoch: 1,
    last_seq: 0,
    queue: null,
    typing: false,
    agent: null,
    ...more,
  };
}

export function outgoing(more: Partial<Outgoing> = {}): Outgoing {
  return {
    key: "k1",
    body: { text: "你好" },
    shown: "你好",
    at: 1,
    status: "waiting",
    detail: "",
    seq: null,
    attempts: 0,
    sentAfter: null,
    ...more,
  };
}

/** A browser's two stores, and memories over them: a new memory is what a reload finds. */
export function browser(server = "https://bank.example") {
  const [local, session] = [new PageStore(), new PageStore()];
  return { local, session, memory: () => new Memory(server, local, session) };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** An open event stream that a test writes to. */
export function liveStream() {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const body = new ReadableStream<Uint8Array>({
    start(made) {
      controller = made;
    },
  });
  return {
    response: new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
    send(event: string, data: unknown) {
      controller?.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    },
    beat() {
      controller?.enqueue(encoder.encode(": beat\n\n"));
    },
    end() {
      controller?.close();
    },
  };
}

export interface Call {
  method: string;
  path: string;
  body: unknown;
  /** What was sent as a form with files. */
  form: FormData | null;
  headers: Headers;
  signal: AbortSignal | null;
}

/** A fetch whose answers a test scripts; it keeps what was asked, and an abort ends a request as in a browser. */
export function scripted(answer: (call: Call, calls: Call[]) => Response | Promise<Response>) {
  const calls: Call[] = [];
  const fetcher: Fetch = (input, init = {}) => {
    const url = new URL(input, "https://desk.example");
    const call: Call = {
      method: init.method ?? "GET",
      path: url.pathname + url.search,
      body: typeof init.body === "string" ? JSON.parse(init.body) : null,
      form: init.body instanceof FormData ? init.body : null,
      headers: new Headers(init.headers),
      signal: init.signal ?? null,
    };
    calls.push(call);
    return new Promise((resolve, reject) => {
      call.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      Promise.resolve()
        .then(() => answer(call, calls))
        .then(resolve, reject);
    });
  };
  return { fetcher, calls };
}
