import { html, LitElement, type PropertyValues } from "lit";
import type { Labels } from "../labels.zh";
import { configOf, type Look } from "./chart-config";
import type { Drawing } from "./drawing";
import type { Figures, Narrow } from "./figures";

/** When one of these changes, the colours do. */
const SCHEMES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];

/** A drawing of figures that stand in a table beside it, which is why it is a picture to a screen reader. */
export class WallChart extends LitElement {
  static override properties = {
    figures: { attribute: false },
    labels: { attribute: false },
    pick: { attribute: false },
    failed: { state: true },
  };
  figures: Figures | null = null;
  labels: Pick<Labels, "wall_chart" | "wall_chart_failed"> = { wall_chart: "", wall_chart_failed: "" };
  pick: (narrow: Narrow) => void = () => undefined;
  failed = false;
  private drawing: Drawing | null = null;
  private schemes: MediaQueryList[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.schemes = SCHEMES.map((one) => matchMedia(one));
    for (const one of this.schemes) one.addEventListener("change", this.redraw);
    if (this.hasUpdated) this.redraw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const one of this.schemes) one.removeEventListener("change", this.redraw);
    this.drawing?.end();
    this.drawing = null;
  }

  protected override render() {
    return html`<canvas role="img" aria-label=${`${this.figures?.title ?? ""}${this.labels.wall_chart}`}></canvas>
      ${this.failed ? html`<p class="trouble" role="status">${this.labels.wall_chart_failed}</p>` : null}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("figures")) this.redraw();
  }

  private readonly redraw = (): void => void this.draw();

  /** A browser without a canvas, as in the tests, draws nothing; the table is there. */
  private async draw(): Promise<void> {
    const canvas = this.querySelector("canvas");
    if (!canvas?.getContext("2d")) return;
    const made = await import("./drawing").catch(() => null);
    this.failed = made === null;
    if (!made || !this.isConnected || !this.figures) return;
    const config = configOf(this.figures, this.look(), this.picked);
    if (this.drawing) this.drawing.follow(config);
    else this.drawing = made.drawn(canvas, config);
  }

  private readonly picked = (series: number, point: number): void => {
    const narrow = this.figures?.series[series]?.behind[point];
    if (narrow) this.pick(narrow);
  };

  private look(): Look {
    const style = getComputedStyle(this);
    return {
      ink: style.color,
      font: style.fontFamily,
      line: style.getPropertyValue("--line"),
      ground: style.getPropertyValue("--paper"),
      of: (tone) => style.getPropertyValue(`--chart-${tone}`),
    };
  }
}
