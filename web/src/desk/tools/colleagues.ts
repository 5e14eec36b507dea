import type { DeskApi } from "../api";
import type { Colleague } from "./model";

export interface ColleaguesOptions {
  api: DeskApi;
  changed(): void;
}

const FRESH_MS = 10_000;

/** Who else is there, to whom a customer can be handed; looked up while somebody looks. */
export class Colleagues {
  private all: readonly Colleague[] | null = null;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: ColleaguesOptions) {}

  /** Null until it is known, and where it could not be had. */
  now(): readonly Colleague[] | null {
    if (Date.now() - this.askedAt >= FRESH_MS) {
      this.askedAt = Date.now();
      void this.load();
    }
    return this.all;
  }

  forget(): void {
    this.all = null;
    this.askedAt = Number.NEGATIVE_INFINITY;
  }

  private async load(): Promise<void> {
    this.all = await this.options.api.colleagues().catch(() => null);
    this.options.changed();
  }
}
