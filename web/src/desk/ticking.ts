import { AsyncDirective } from "lit/async-directive.js";
import { directive } from "lit/directive.js";

const all = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** Calls each second until what it returns is called. However many ask, one timer runs. */
export function everySecond(call: () => void): () => void {
  all.add(call);
  timer ??= setInterval(() => {
    for (const one of [...all]) one();
  }, 1000);
  return () => {
    all.delete(call);
    if (all.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

class Ticking extends AsyncDirective {
  private draw: () => unknown = () => undefined;
  private stop: (() => void) | null = null;

  override render(draw: () => unknown): unknown {
    this.draw = draw;
    if (this.isConnected) this.reconnected();
    return draw();
  }

  protected override reconnected(): void {
    this.stop ??= everySecond(() => this.setValue(this.draw()));
  }

  protected override disconnected(): void {
    this.stop?.();
    this.stop = null;
  }
}

/** A part of the page that shows the time: it alone is drawn anew each second, nothing around it. */
export const ticking = directive(Ticking);
