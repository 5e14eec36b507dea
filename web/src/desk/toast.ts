const TOAST_MS = 6_000;

/** Words that stand on the page for a moment. */
export class Toast {
  words = "";
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly changed: () => void) {}

  say(words: string): void {
    this.words = words;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.words = "";
      this.changed();
    }, TOAST_MS);
    this.changed();
  }
}
