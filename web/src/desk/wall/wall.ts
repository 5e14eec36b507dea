import type { Part } from "../part";
import type { PeopleApi } from "../people/api";
import type { Place } from "../place";
import type { WallApi } from "./api";
import { Crew } from "./crew";
import type { Day } from "./day";
import { Drill } from "./drill";
import type { Narrow } from "./figures";
import type { Live } from "./model";
import { type Asking, Refresh } from "./refresh";

const LIVE_MS = 5_000;
const DAY_MS = 60_000;

export interface WallOptions extends Asking {
  api: WallApi;
  people: PeopleApi;
  /** What who is signed in may do: `bot/desk/rights.py`. */
  rights(): readonly string[];
}

/** The supervisor's wall: the desk as it stands now, a day in figures, and what is behind them. */
export class Wall implements Part {
  readonly live: Refresh<Live>;
  readonly figures: Refresh<Day>;
  readonly drill: Drill;
  readonly crew: Crew;
  /** The day whose figures are shown; null is today, whichever that is by then. */
  day: string | null = null;
  private shown = false;

  constructor(private readonly options: WallOptions) {
    const { api, people } = options;
    const wanted = () => this.shown && this.may("wall") && !document.hidden;
    this.live = new Refresh({
      ...options,
      everyMs: LIVE_MS,
      ask: () => api.live(),
      wanted,
      alive: () => true,
    });
    this.figures = new Refresh({
      ...options,
      everyMs: DAY_MS,
      ask: () => api.day(this.day),
      wanted,
      alive: () => this.day === null,
    });
    this.drill = new Drill({ ...options, api });
    this.crew = new Crew({ ...options, people, saved: () => void this.live.now() });
  }

  may(right: string): boolean {
    return this.options.rights().includes(right);
  }

  start(): void {
    this.hurry();
  }

  stop(): void {
    this.live.forget();
    this.figures.forget();
    this.drill.shut();
    this.crew.shut();
    this.day = null;
  }

  /** Who comes back finds the day and the figure that he had opened. */
  go(place: Place): void {
    const came = place.view === "wall" && !this.shown;
    this.shown = place.view === "wall";
    if (came) this.hurry();
    if (this.shown) return;
    this.live.pause();
    this.figures.pause();
  }

  hurry(): void {
    void this.live.now();
    void this.figures.now();
  }

  /** The figures of another day; those of the one before are gone at once. */
  pick(day: string | null): Promise<void> {
    this.day = day;
    this.figures.forget();
    this.drill.shut();
    return this.figures.now();
  }

  look(filter: Narrow): Promise<void> {
    const day = this.figures.value?.day;
    return day ? this.drill.open({ day, ...filter }) : Promise.resolve();
  }
}
