import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import { type Question, type Standing, SurveyApi } from "./api";
import { zh as labels } from "./labels.zh";
import { Survey } from "./survey";

/** The page of a link: /survey/TOKEN. Nothing else is on it, so it renders without a shadow root, styled by survey.css. */
export class SurveyPage extends LitElement {
  private readonly survey = new Survey(new SurveyApi(tokenOf(window.location.pathname)), () =>
    this.requestUpdate(),
  );
  /** What was last shown; where another thing is, its heading gets the keyboard, and is read out. */
  private shown = "";

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.survey.load();
  }

  protected override render(): TemplateResult {
    const { standing } = this.survey;
    return html`<header><p class="bank">${standing?.bank ?? ""}</p></header>
      <main aria-busy=${this.survey.sending ? "true" : "false"}>${this.body()}</main>
      ${
        standing?.hotline
          ? html`<footer>${fill(labels.hotline, { hotline: standing.hotline })}</footer>`
          : nothing
      }`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const heading = this.querySelector("h1");
    const now = heading?.textContent ?? "";
    if (now !== this.shown && this.shown !== "") heading?.focus();
    this.shown = now || this.shown;
  }

  private body(): TemplateResult {
    const { survey } = this;
    if (survey.gone !== null) {
      return html`<h1 tabindex="-1">${labels.title}</h1><p>${survey.gone || labels.gone}</p>`;
    }
    if (!survey.standing) {
      return survey.trouble ? this.again(labels.load_failed) : html`<p role="status">${labels.loading}</p>`;
    }
    const { question } = survey.standing;
    return question ? this.asked(survey.standing, question) : done(survey.standing);
  }

  private asked(standing: Standing, question: Question): TemplateResult {
    const { survey } = this;
    return html`${standing.said.map((words) => html`<p class="said" role="status">${words}</p>`)}
      ${standing.step === 1 ? html`<p class="intro">${standing.intro}</p>` : nothing}
      <p class="step">${fill(labels.step, { n: standing.step, of: standing.steps })}</p>
      <h1 tabindex="-1" id="question">${question.text}</h1>
      ${question.free ? this.words(standing.maxChars) : nothing}
      <div class="answers" role="group" aria-labelledby="question">
        ${question.choices.map(
          ({ id, label }, place) => html`<button
            type="button"
            class="${place === question.choices.length - 1 ? "skip" : ""} ${this.chosen(id) ? "chosen" : ""}"
            ?disabled=${survey.sending}
            @click=${() => void survey.choose(id)}
          >${label}</button>`,
        )}
      </div>
      ${survey.sending ? html`<p role="status">${labels.sending}</p>` : nothing}
      ${survey.refused ? html`<p class="trouble" role="alert">${survey.refused}</p>` : nothing}
      ${survey.trouble ? this.again(survey.trouble === "busy" ? labels.busy : labels.send_failed) : nothing}`;
  }

  private words(max: number): TemplateResult {
    const { survey } = this;
    const length = [...survey.draft.trim()].length;
    return html`<form @submit=${this.submitted}>
      <label for="words">${labels.words}</label>
      <textarea
        id="words"
        rows="5"
        .value=${survey.draft}
        ?readonly=${survey.sending}
        aria-describedby="count"
        aria-invalid=${survey.over > 0 ? "true" : "false"}
        @input=${this.typed}
      ></textarea>
      <p id="count" class=${survey.over > 0 ? "count trouble" : "count"}>
        ${survey.over > 0 ? fill(labels.too_long, { max, n: survey.over }) : fill(labels.count, { n: length, max })}
      </p>
      <button type="submit" class="send" ?disabled=${survey.sending || length === 0 || survey.over > 0}>
        ${labels.send}
      </button>
    </form>`;
  }

  private again(words: string): TemplateResult {
    return html`<div class="trouble" role="alert">
      <p>${words}</p>
      <button type="button" class="retry" @click=${() => void this.survey.again()}>${labels.retry}</button>
    </div>`;
  }

  /** The answer that is on its way, or could not be sent. */
  private chosen(id: string): boolean {
    const { pending } = this.survey;
    return pending !== null && "choice" in pending && pending.choice === id;
  }

  private readonly typed = (event: Event): void => {
    this.survey.draft = (event.target as HTMLTextAreaElement).value;
    this.requestUpdate();
  };

  private readonly submitted = (event: Event): void => {
    event.preventDefault();
    void this.survey.write();
  };
}

function done(standing: Standing): TemplateResult {
  return html`<h1 tabindex="-1">${labels.done}</h1>
    ${standing.said.map((words) => html`<p class="said">${words}</p>`)}
    <p>${labels.done_close}</p>`;
}

/** What stands behind /survey/; an address without it has none, and the server says what is to be said. */
export function tokenOf(path: string): string {
  return /^\/survey\/([^/]+)\/?$/.exec(path)?.[1] ?? "none";
}
