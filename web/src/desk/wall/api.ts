import type { DeskHttp } from "../http";
import { type Day, readDay } from "./day";
import type { Filter } from "./filter";
import { type Entries, type Live, readEntries, readLive } from "./model";

const PAGE = 50;

/** The supervisor's wall: its side of the wire. */
export class WallApi {
  constructor(private readonly http: DeskHttp) {}

  async live(): Promise<Live> {
    return readLive(await this.http.get("wall"));
  }

  /** Without a day: today, as the server sees it. */
  async day(day: string | null): Promise<Day> {
    return readDay(await this.http.get(day ? `wall/day?day=${encodeURIComponent(day)}` : "wall/day"));
  }

  async entries(filter: Filter, after: string | null): Promise<Entries> {
    const asked = new URLSearchParams({ day: filter.day });
    if (filter.hour !== undefined) asked.set("hour", String(filter.hour));
    if (filter.reason) asked.set("reason", filter.reason.id);
    if (filter.mood) asked.set("mood", filter.mood);
    if (filter.agent) asked.set("agent", filter.agent.id);
    if (filter.breached) asked.set("breached", "1");
    if (after !== null) asked.set("after", after);
    asked.set("limit", String(PAGE));
    return readEntries(await this.http.get(`wall/entries?${asked}`));
  }
}
