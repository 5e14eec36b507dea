import { Problem } from "../shared/problem";
import { type ChatPage, isRecord, readChatPage } from "../shared/wire";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;
export type MessageBody = { text: string } | { choice: string };

export interface ChannelContext {
  page?: string;
  large_type?: boolean;
  former_token?: string;
}

export interface Session {
  conversation_id: string;
  token: string;
}

const REQUEST_MS = 20_000;

/** The customer's side of the wire. Tokens travel in a header only, never in an address. */
export class ChatApi {
  constructor(
    readonly server: string,
    private readonly fetcher: Fetch = (input, init) => fetch(input, init),
  ) {}

  async page(): Promise<ChatPage> {
    const response = await this.request("/api/chat/page", { method: "GET" });
    return readChatPage(await response.json());
  }

  async create(context: ChannelContext): Promise<Session> {
    const response = await this.post("/api/chat/conversations", { channel_context: context });
    const body: unknown = await response.json();
    if (!isRecord(body) || typeof body.token !== "string" || typeof body.conversation_id !== "string") {
      throw new Error("the server named no conversation");
    }
    return { conversation_id: body.conversation_id, token: body.token };
  }

  /** The sequence number under which the message stands. The same key may be sent again at no risk. */
  async message(token: string, key: string, body: MessageBody & { large_type?: boolean }): Promise<number> {
    const response = await this.post("/api/chat/messages", body, token, { "Idempotency-Key": key });
    const answer: unknown = await response.json();
    if (!isRecord(answer) || typeof answer.seq !== "number") throw new Error("the server named no number");
    return answer.seq;
  }

  /** Says whose the conversation is, by the bank's signed link. Again changes nothing. */
  async bind(token: string, link: string): Promise<void> {
    await this.post("/api/chat/bind", { link }, token);
  }

  async typing(token: string): Promise<void> {
    await this.post("/api/chat/typing", {}, token);
  }

  stream(token: string, after: number, signal: AbortSignal): Promise<Response> {
    return this.fetcher(`${this.server}/api/chat/events?after=${after}`, {
      headers: { Accept: "text/event-stream", Authorization: `Bearer ${token}` },
      cache: "no-store",
      credentials: "omit",
      signal,
    });
  }

  async poll(token: string, after: number, waitSeconds: number, signal: AbortSignal): Promise<unknown> {
    const response = await this.fetcher(`${this.server}/api/chat/events?after=${after}&wait=${waitSeconds}`, {
      headers: { Accept: "application/json", Authorization: `Bearer ${token}` },
      cache: "no-store",
      credentials: "omit",
      signal,
    });
    if (!response.ok) throw await Problem.from(response);
    return response.json();
  }

  private post(
    path: string,
    body: unknown,
    token?: string,
    more: Record<string, string> = {},
  ): Promise<Response> {
    return this.request(path, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...more,
      },
      body: JSON.stringify(body),
    });
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_MS);
    try {
      const response = await this.fetcher(this.server + path, {
        ...init,
        credentials: "omit",
        signal: limit.signal,
      });
      if (!response.ok) throw await Problem.from(response);
      return response;
    } finally {
      clearTimeout(timer);
    }
  }
}
