import type { CasesApi } from "./api";
import type { Filters } from "./filters";
import type { Brief } from "./model";

export interface ListOptions {
  api: CasesApi;
  /** Says why a list could not be had; false when the session is over. */
  words(error: unknown): string | null;
  changed(): void;
}

/** Cases by filters, page by page. A late answer to an older question is dropped. */
export class CaseList {
  rows: Brief[] = [];
  next: string | null = null;
  loading = false;
  /** There is an answer, even an empty one. */
  loaded = false;
  trouble = "";
  private asked = 0;

  constructor(
    private readonly options: ListOptions,
    public filters: Filters,
    /** No more rows than this, however many there are. */
    private readonly most = Number.POSITIVE_INFINITY,
  ) {}

  filter(filters: Filters): Promise<void> {
    this.filters = filters;
    this.rows = [];
    this.next = null;
    this.loaded = false;
    return this.load(1);
  }

  /** Again, as many rows as are shown: what was opened with "more" stays. */
  refresh(): Promise<void> {
    return this.loading ? Promise.resolve() : this.load(Math.max(1, this.rows.length));
  }

  more(): Promise<void> {
    return this.next === null || this.loading ? Promise.resolve() : this.load(this.rows.length + 1);
  }

  all(): Promise<void> {
    return this.load(this.most);
  }

  forget(): void {
    this.asked += 1;
    this.rows = [];
    this.next = null;
    this.loaded = false;
    this.loading = false;
    this.trouble = "";
  }

  private async load(wanted: number): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    this.loading = true;
    this.options.changed();
    try {
      const rows: Brief[] = [];
      let after: string | null = null;
      do {
        const page = await this.options.api.list(this.filters, after);
        if (mine !== this.asked) return;
        rows.push(...page.tickets);
        after = page.next;
      } while (after !== null && rows.length < Math.min(wanted, this.most));
      this.rows = rows;
      this.next = after;
      this.loaded = true;
      this.trouble = "";
    } catch (error) {
      if (mine !== this.asked) return;
      this.trouble = this.options.words(error) ?? "";
    }
    this.loading = false;
    this.options.changed();
  }
}
