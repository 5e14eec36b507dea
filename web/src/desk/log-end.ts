/** Within so many pixels of the end one still reads the end. */
const NEAR_PX = 80;

/** Keeps a log at its end, unless whoever reads it has scrolled away from there. */
export class LogEnd {
  private atEnd = true;
  private log: Element | null = null;

  /** What comes next is to be seen, wherever he has scrolled to. */
  jump(): void {
    this.atEnd = true;
  }

  /** The log has been drawn. */
  drawn(log: Element | null): void {
    if (log && log !== this.log) {
      this.log = log;
      this.atEnd = true;
      log.addEventListener("scroll", () => {
        this.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
      });
    }
    if (log && this.atEnd) log.scrollTop = log.scrollHeight;
  }
}
