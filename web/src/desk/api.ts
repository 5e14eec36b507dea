import { Problem } from "../shared/problem";
import { isRecord } from "../shared/wire";
import type { CloseForm, DeskPage, Presence, Script, Sending, SignedIn, Snapshot, Ticket } from "./model";
import { readPage, readScripts, readSignedIn, readSnapshot, readTickets } from "./read";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

const REQUEST_MS = 20_000;

/** Where the picture, voice, video or file stands that the customer sent with this event. */
export function mediaAddress(id: string, seq: number): string {
  return `/api/desk/conversations/${encodeURIComponent(id)}/media/${seq}`;
}

/** The agents' side of the wire: a cookie says who, a header says that it is our page that asks. */
export class DeskApi {
  csrf = "";

  constructor(private readonly fetcher: Fetch = (input, init) => fetch(input, init)) {}

  async signIn(username: string, password: string): Promise<SignedIn> {
    return this.session(await this.post("session", { username, password }));
  }

  async resume(): Promise<SignedIn> {
    return this.session(await this.call("session", { method: "GET" }));
  }

  async signOut(): Promise<void> {
    await this.call("session", { method: "DELETE", headers: { "X-CSRF-Token": this.csrf } });
    this.csrf = "";
  }

  async page(): Promise<DeskPage> {
    return readPage(await this.call("page", { method: "GET" }));
  }

  async presence(status: Presence): Promise<void> {
    await this.post("presence", { status });
  }

  async snapshot(id: string): Promise<Snapshot> {
    return readSnapshot(await this.call(`conversations/${encodeURIComponent(id)}`, { method: "GET" }));
  }

  async scripts(query: string): Promise<Script[]> {
    return readScripts(await this.call(`scripts?q=${encodeURIComponent(query)}`, { method: "GET" }));
  }

  async claim(id: string, epoch: number): Promise<number> {
    const answer = await this.act(id, "claim", { epoch });
    return isRecord(answer) && typeof answer.epoch === "number" ? answer.epoch : epoch;
  }

  async decline(id: string, epoch: number, reason: string): Promise<void> {
    await this.act(id, "decline", { epoch, reason });
  }

  async message(id: string, epoch: number, key: string, text: string, how: Sending = {}): Promise<void> {
    const override = how.override ? { override: { reason: how.override } } : {};
    const confirmed = how.confirmed ? { confirmed: true } : {};
    await this.act(id, "messages", { epoch, text, ...override, ...confirmed }, { "Idempotency-Key": key });
  }

  async giveBack(id: string, epoch: number): Promise<void> {
    await this.act(id, "return", { epoch });
  }

  async transfer(id: string, epoch: number, to: string, note: string): Promise<void> {
    await this.act(id, "transfer", { epoch, to, note });
  }

  async close(id: string, epoch: number, form: CloseForm): Promise<void> {
    await this.act(id, "close", { epoch, ...form });
  }

  async tickets(): Promise<Ticket[]> {
    return readTickets(await this.call("tickets?state=open", { method: "GET" }));
  }

  /** How to reach the customer, or null where the chat is the way. The server puts every reading on record. */
  async ticketContact(number: string): Promise<string | null> {
    const answer = await this.ticket(number, "contact", {});
    return isRecord(answer) && typeof answer.contact === "string" ? answer.contact : null;
  }

  async takeTicket(number: string): Promise<void> {
    await this.ticket(number, "take", {});
  }

  async ticketDone(number: string, note: string): Promise<void> {
    await this.ticket(number, "done", { note });
  }

  events(signal: AbortSignal): Promise<Response> {
    return this.fetcher("/api/desk/events", {
      headers: { Accept: "text/event-stream" },
      cache: "no-store",
      credentials: "same-origin",
      signal,
    });
  }

  private session(answer: unknown): SignedIn {
    const session = readSignedIn(answer);
    this.csrf = session.csrf_token;
    return session;
  }

  private act(
    id: string,
    action: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    return this.post(`conversations/${encodeURIComponent(id)}/${action}`, body, headers);
  }

  private ticket(number: string, action: string, body: unknown): Promise<unknown> {
    return this.post(`tickets/${encodeURIComponent(number)}/${action}`, body);
  }

  private post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    return this.call(path, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(this.csrf ? { "X-CSRF-Token": this.csrf } : {}),
        ...headers,
      },
      body: JSON.stringify(body),
    });
  }

  private async call(path: string, init: RequestInit): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_MS);
    try {
      const response = await this.fetcher(`/api/desk/${path}`, {
        ...init,
        cache: "no-store",
        credentials: "same-origin",
        signal: limit.signal,
      });
      if (!response.ok) throw await Problem.from(response);
      const text = await response.text();
      return text ? (JSON.parse(text) as unknown) : null;
    } finally {
      clearTimeout(timer);
    }
  }
}
