export interface Asking {
  now(): number;
  words(error: unknown): string;
  isSignedOut(error: unknown): boolean;
  onSignedOut(): void;
  changed(): void;
}

export interface RefreshOptions<T> extends Asking {
  /** So long after an answer the question is asked again. */
  everyMs: number;
  ask(): Promise<T>;
  /** Somebody looks: else nothing is asked. */
  wanted(): boolean;
  /** The answer can change: else it is asked again only where there was none. */
  alive(): boolean;
}

/** An answer of the server that is kept fresh. It stands until a newer one comes, and says since when it stands. */
export class Refresh<T> {
  value: T | null = null;
  at = 0;
  /** Why the last question found no answer. */
  trouble = "";
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: RefreshOptions<T>) {}

  /** Asks at once. A late answer to an older question is dropped. */
  async now(): Promise<void> {
    this.pause();
    const { asked } = this;
    const options = this.options;
    if (!options.wanted()) return;
    try {
      const value = await options.ask();
      if (asked !== this.asked) return;
      [this.value, this.at, this.trouble] = [value, options.now(), ""];
    } catch (error) {
      if (asked !== this.asked) return;
      if (options.isSignedOut(error)) return options.onSignedOut();
      this.trouble = options.words(error);
    }
    if (options.alive() || this.trouble) this.timer = setTimeout(() => void this.now(), options.everyMs);
    options.changed();
  }

  /** Asks no more; what is on its way is dropped. */
  pause(): void {
    this.asked += 1;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  forget(): void {
    this.pause();
    [this.value, this.at, this.trouble] = [null, 0, ""];
  }
}
