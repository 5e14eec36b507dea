import type { WallApi } from "./api";
import type { Filter } from "./filter";
import { type Entry, keyOf } from "./model";
import type { Asking } from "./refresh";

export interface DrillOptions extends Asking {
  api: WallApi;
}

/** The entries behind a figure that somebody has opened. */
export class Drill {
  /** Null while no figure is open. */
  filter: Filter | null = null;
  entries: Entry[] = [];
  /** How many there are; null where the server does not count them. */
  total: number | null = null;
  next: string | null = null;
  busy = false;
  trouble = "";
  private asked = 0;

  constructor(private readonly options: DrillOptions) {}

  open(filter: Filter): Promise<void> {
    this.shut();
    this.filter = filter;
    return this.read();
  }

  shut(): void {
    this.asked += 1;
    this.filter = null;
    this.entries = [];
    this.total = null;
    this.next = null;
    this.busy = false;
    this.trouble = "";
    this.options.changed();
  }

  /** The next page, or the first once more where it did not come. */
  async read(): Promise<void> {
    const { filter, options, next } = this;
    if (!filter) return;
    this.asked += 1;
    const mine = this.asked;
    this.busy = true;
    this.trouble = "";
    options.changed();
    try {
      const page = await options.api.entries(filter, next);
      if (mine !== this.asked) return;
      const shown = new Set(this.entries.map(keyOf)); // Of what goes on meanwhile, some may come again.
      this.entries = [...this.entries, ...page.entries.filter((one) => !shown.has(keyOf(one)))];
      [this.total, this.next] = [page.total, page.next];
    } catch (error) {
      if (mine !== this.asked) return;
      if (options.isSignedOut(error)) return options.onSignedOut();
      this.trouble = options.words(error);
    }
    this.busy = false;
    options.changed();
  }
}
