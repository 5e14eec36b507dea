import type { CasesApi } from "./api";
import type { Alert } from "./model";

export interface AlertsOptions {
  api: CasesApi;
  /** Alerts that were not there before. */
  onNew(alerts: Alert[]): void;
  words(error: unknown): string | null;
  changed(): void;
}

/** What I must hear of: clocks that run out, breaches, groups of complaints. Shown until I say that I saw it. */
export class Alerts {
  rows: Alert[] = [];
  stale = false;
  /** Null before the first answer: what is there at sign-in is counted, not called out one by one. */
  private known: Set<number> | null = null;
  private readonly put = new Set<number>();
  private asked = 0;

  constructor(private readonly options: AlertsOptions) {}

  forget(): void {
    this.asked += 1;
    this.rows = [];
    this.known = null;
    this.put.clear();
    this.stale = false;
  }

  async load(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    try {
      const rows = await this.options.api.alerts();
      if (mine !== this.asked) return;
      const known = this.known;
      this.rows = rows.filter((one) => !this.put.has(one.id));
      this.known = new Set([...(known ?? []), ...rows.map((one) => one.id)]);
      this.stale = false;
      const fresh = known ? this.rows.filter((one) => !known.has(one.id)) : [];
      if (fresh.length > 0) this.options.onNew(fresh);
    } catch (error) {
      if (mine !== this.asked) return;
      this.stale = this.options.words(error) !== null;
    }
    this.options.changed();
  }

  /** Gone from the page at once; it comes back when the server did not hear of it. */
  async seen(id: number): Promise<void> {
    this.put.add(id);
    this.rows = this.rows.filter((one) => one.id !== id);
    this.options.changed();
    try {
      await this.options.api.seen(id);
    } catch (error) {
      this.put.delete(id);
      if (this.options.words(error) !== null) await this.load();
    }
  }
}
