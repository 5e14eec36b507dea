import { isRecord } from "../shared/wire";
import { DeskHttp, type Fetch } from "./http";
import type {
  CloseForm,
  DeskPage,
  DeskView,
  FormerTalk,
  Presence,
  Script,
  Sending,
  SignedIn,
  Snapshot,
  Ticket,
} from "./model";
import { PeopleApi } from "./people/api";
import { readDesk, readPage, readScripts, readSignedIn, readSnapshot, readTickets } from "./read";
import { readFormerTalk } from "./read-package";
import { CasesApi } from "./tickets/api";
import {
  type Checked,
  type Colleague,
  type MarkKind,
  type News,
  type Reply,
  readChecked,
  readColleagues,
  readNews,
  readReplies,
} from "./tools/model";
import { WallApi } from "./wall/api";

/** Where the picture, voice, video or file stands that the customer sent with this event. */
export function mediaAddress(id: string, seq: number): string {
  return `/api/desk/conversations/${encodeURIComponent(id)}/media/${seq}`;
}

/** What the desk asks of the server, and what it does there. */
export class DeskApi {
  readonly cases: CasesApi;
  readonly people: PeopleApi;
  readonly wall: WallApi;
  private readonly http: DeskHttp;

  constructor(fetcher?: Fetch) {
    this.http = new DeskHttp(fetcher);
    this.cases = new CasesApi(this.http);
    this.people = new PeopleApi(this.http);
    this.wall = new WallApi(this.http);
  }

  async signIn(username: string, password: string): Promise<SignedIn> {
    return this.session(await this.http.post("session", { username, password }));
  }

  async resume(): Promise<SignedIn> {
    return this.session(await this.http.get("session"));
  }

  async signOut(): Promise<void> {
    await this.http.remove("session");
    this.http.csrf = "";
  }

  async page(): Promise<DeskPage> {
    return readPage(await this.http.get("page"));
  }

  async presence(status: Presence): Promise<void> {
    await this.http.post("presence", { status });
  }

  async snapshot(id: string): Promise<Snapshot> {
    return readSnapshot(await this.http.get(`conversations/${encodeURIComponent(id)}`));
  }

  /** An earlier conversation of the same customer. The server puts every reading on record. */
  async formerTalk(id: string, former: string): Promise<FormerTalk> {
    const path = `conversations/${encodeURIComponent(id)}/history/${encodeURIComponent(former)}`;
    return readFormerTalk(await this.http.get(path));
  }

  async scripts(query: string): Promise<Script[]> {
    return readScripts(await this.http.get(`scripts?q=${encodeURIComponent(query)}`));
  }

  /** Scripts that fit what the customer wrote last. */
  async suggestions(id: string): Promise<Script[]> {
    return readScripts(await this.http.get(`scripts?conversation=${encodeURIComponent(id)}`));
  }

  async replies(): Promise<Reply[]> {
    return readReplies(await this.http.get("replies"));
  }

  async news(): Promise<News[]> {
    return readNews(await this.http.get("news"));
  }

  async newsSeen(keys: readonly string[]): Promise<void> {
    await this.http.post("news/seen", { keys });
  }

  async mark(id: string, kind: MarkKind, text: string): Promise<void> {
    await this.act(id, "marks", { kind, text });
  }

  /** What the guard would say of it; nothing is sent. */
  async check(id: string, text: string): Promise<Checked | null> {
    return readChecked(await this.act(id, "check", { text }));
  }

  async colleagues(): Promise<Colleague[]> {
    return readColleagues(await this.http.get("colleagues"));
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

  async recall(id: string, epoch: number, seq: number): Promise<void> {
    await this.act(id, `messages/${seq}/recall`, { epoch });
  }

  async giveBack(id: string, epoch: number): Promise<void> {
    await this.act(id, "return", { epoch });
  }

  async transfer(id: string, epoch: number, to: string, note: string, anyway: boolean): Promise<void> {
    await this.act(id, "transfer", { epoch, to, note, anyway });
  }

  async takeOver(id: string, epoch: number, reason: string): Promise<void> {
    await this.act(id, "takeover", { epoch, reason });
  }

  async close(id: string, epoch: number, form: CloseForm): Promise<void> {
    await this.act(id, "wrapup", { epoch, ...form });
  }

  async tickets(): Promise<Ticket[]> {
    return readTickets(await this.http.get("tickets?state=open"));
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

  /** `watch`: what comes in this conversation too, which somebody else holds. */
  events(signal: AbortSignal, watch: string | null = null): Promise<Response> {
    return this.http.stream(watch ? `events?watch=${encodeURIComponent(watch)}` : "events", signal);
  }

  /** The lists, where no stream gets through: at once when they are not those of `mark`, else within the seconds. */
  async look(mark: string, seconds: number): Promise<{ view: DeskView; mark: string }> {
    const path = `events?wait=${seconds}&since=${encodeURIComponent(mark)}`;
    const answer = await this.http.get(path, { Accept: "application/json" });
    const view = isRecord(answer) ? readDesk(answer.view) : null;
    if (!view) throw new Error("the server sent no desk");
    return { view, mark: isRecord(answer) ? String(answer.mark ?? "") : "" };
  }

  private session(answer: unknown): SignedIn {
    const session = readSignedIn(answer);
    this.http.csrf = session.csrf_token;
    return session;
  }

  private act(
    id: string,
    action: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    return this.http.post(`conversations/${encodeURIComponent(id)}/${action}`, body, headers);
  }

  private ticket(number: string, action: string, body: unknown): Promise<unknown> {
    return this.http.post(`tickets/${encodeURIComponent(number)}/${action}`, body);
  }
}
