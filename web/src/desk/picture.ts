import { html, LitElement } from "lit";
import type { Labels } from "./labels.zh";

/** A picture that says so when it cannot be shown: on WeChat's side they are gone after three days. */
export class DeskPicture extends LitElement {
  static override properties = {
    src: { attribute: false },
    alt: { attribute: false },
    labels: { attribute: false },
    failed: { state: true },
  };
  src = "";
  alt = "";
  labels: Pick<Labels, "picture_gone" | "retry"> = { picture_gone: "", retry: "" };
  failed = false;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    if (this.failed) {
      return html`<p class="picture-gone" role="status">
        <span>${this.labels.picture_gone}</span>
        <button type="button" @click=${this.retry}>${this.labels.retry}</button>
      </p>`;
    }
    // Lazy: every loading goes on record as a reading, so only what comes near the screen is loaded.
    return html`<a class="picture" href=${this.src} target="_blank" rel="noopener">
      <img src=${this.src} alt=${this.alt} loading="lazy" @error=${this.fail} />
    </a>`;
  }

  private readonly fail = (): void => {
    this.failed = true;
  };

  private readonly retry = (): void => {
    this.failed = false;
  };
}
