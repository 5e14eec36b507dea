/** Where the customer reads: follows what is new, but never scrolls away from under somebody reading further up. */
export class Scroller {
  atEnd = true;
  /** New words came in below what is in sight. */
  below = false;
  private shownSeq = 0;
  private height = 0;

  constructor(
    private readonly box: () => HTMLElement | null,
    private readonly changed: () => void,
  ) {}

  /** Called after each rendering; `hold` keeps the beginning in sight (the privacy notice at first contact). */
  follow(lastSeq: number, hold: boolean): void {
    const box = this.box();
    if (!box) return;
    const fresh = lastSeq > this.shownSeq;
    const known = this.shownSeq > 0;
    this.shownSeq = lastSeq;
    if (!this.atEnd) {
      if (fresh && known) this.setBelow(true);
    } else if (hold) {
      box.scrollTop = 0;
    } else {
      this.toEnd();
      // Its buttons come a moment after a message, and what the customer is sending may stand below it for a moment.
      if (fresh || box.scrollHeight !== this.height) this.backToBeginningOfNewest(box);
    }
    this.height = box.scrollHeight;
  }

  toEnd(): void {
    const box = this.box();
    if (box) box.scrollTop = box.scrollHeight;
    this.atEnd = true;
    this.setBelow(false);
  }

  readonly scrolled = (): void => {
    const box = this.box();
    if (!box) return;
    this.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    if (this.atEnd) this.setBelow(false);
  };

  /** Closed: the next opening begins at the end. */
  reset(): void {
    this.atEnd = true;
    this.shownSeq = 0;
  }

  /** A message longer than the window is read from its first line. */
  private backToBeginningOfNewest(box: HTMLElement): void {
    const messages = box.querySelectorAll<HTMLElement>(".log > .message");
    const newest = messages[messages.length - 1];
    const hidden = newest ? box.getBoundingClientRect().top - newest.getBoundingClientRect().top : 0;
    if (hidden <= 0) return;
    box.scrollTop -= hidden + 12;
    this.scrolled(); // now, not with the event: a rendering in between would go to the end again
  }

  private setBelow(below: boolean): void {
    if (below === this.below) return;
    this.below = below;
    this.changed();
  }
}
