import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { fill } from "../shared/fill";
import type { ChatPage, Status } from "../shared/wire";
import { botIcon, closeIcon, largeIcon, personIcon, sendIcon, shieldIcon } from "./icons";
import type { Labels } from "./labels.zh";
import { characters, type Facing, queueMinutes } from "./reading";

export interface HeadView {
  labels: Labels;
  page: ChatPage | null;
  large: boolean;
  toggleLarge(): void;
  close(): void;
}

export function headView(view: HeadView): TemplateResult {
  const { labels, page } = view;
  return html`<div class="head">
    <div class="who">
      <h2 id="title">${page?.bank.name ? html`<span class="bank">${page.bank.name}</span>` : nothing}${labels.title}</h2>
      ${page?.hours ? html`<p class="hours">${page.hours}</p>` : nothing}
    </div>
    <button type="button" class="tool" aria-pressed=${view.large ? "true" : "false"} @click=${view.toggleLarge}>
      ${largeIcon()}<span>${view.large ? labels.care_on : labels.care}</span>
    </button>
    <button type="button" class="tool close" aria-label=${labels.close} title=${labels.close} @click=${view.close}>
      ${closeIcon()}
    </button>
  </div>`;
}

/** Who answers: said at once, and always in sight (deep-synthesis labelling; the bot is never taken for a person). */
export function bannerView(labels: Labels, page: ChatPage | null, facing: Facing): TemplateResult {
  if (facing.kind === "agent") {
    const text = facing.name ? fill(labels.banner_agent, { name: facing.name }) : labels.banner_agent_unnamed;
    return html`<p class="banner person" role="status">${personIcon()}<span>${text}</span></p>`;
  }
  return html`<p class="banner" role="status">
    ${botIcon()}<span>${page?.assistant.banner || labels.banner_bot}</span>
  </p>`;
}

export function queueView(
  labels: Labels,
  status: Status,
  cancel: () => void,
  cancelling: boolean,
): TemplateResult {
  const minutes = queueMinutes(status.queue?.eta_s);
  const place =
    status.state === "OFFERED" || !status.queue
      ? labels.queue_connecting
      : fill(labels.queue_place, { n: status.queue.place });
  const time =
    status.state === "OFFERED" || minutes === null
      ? ""
      : minutes === 0
        ? labels.queue_soon
        : fill(labels.queue_minutes, { n: minutes });
  return html`<section class="queue" role="status">
    <div>
      <p class="queue-title">${labels.banner_queue}</p>
      <p>${place}${time ? html`<span class="dot"></span>${time}` : nothing}</p>
      <p class="hint">${labels.queue_hint}</p>
    </div>
    <button type="button" class="outline" ?disabled=${cancelling} @click=${cancel}>${labels.cancel_queue}</button>
  </section>`;
}

export function privacyView(
  labels: Labels,
  page: ChatPage,
  acknowledged: boolean,
  acknowledge: () => void,
): TemplateResult {
  return html`<section class="privacy" aria-label=${page.privacy.title || labels.privacy}>
    <h3>${shieldIcon()}<span>${page.privacy.title || labels.privacy}</span></h3>
    <div class="privacy-text" tabindex="0" role="region" aria-label=${labels.privacy}>${page.privacy.text}</div>
    <button type="button" class=${acknowledged ? "outline" : "solid"} @click=${acknowledge}>
      ${labels.privacy_ok}
    </button>
  </section>`;
}

export interface FootView {
  labels: Labels;
  page: ChatPage | null;
  facing: Facing;
  /** What is written now is an answer to the survey. */
  words: boolean;
  draft: string;
  maxChars: number;
  canSend: boolean;
  humanAsked: boolean;
  human(): void;
  showPrivacy(): void;
  input(text: string): void;
  keydown(event: KeyboardEvent): void;
  send(event: Event): void;
}

export function footView(view: FootView): TemplateResult {
  const { labels, facing, page } = view;
  const used = characters(view.draft);
  const over = used - view.maxChars;
  const near = used > view.maxChars * 0.8;
  const queued = facing.kind === "queue";
  const about = facing.kind === "closed" ? labels.input_closed : labels.input;
  const human = facing.kind === "agent" ? labels.human_now : queued ? labels.human_queued : labels.human;
  return html`<div class="foot">
    <div class="quick">
      <button
        type="button"
        class="human"
        ?disabled=${facing.kind === "agent" || queued || view.humanAsked}
        @click=${view.human}
      >${personIcon()}<span>${human}</span></button>
      <span class="grow"></span>
      <button type="button" class="plain" @click=${view.showPrivacy}>${labels.privacy}</button>
    </div>
    <form class="write ${over > 0 ? "over" : ""}" @submit=${view.send}>
      <label class="unseen" for="box">${labels.input}</label>
      <textarea
        id="box"
        rows="1"
        enterkeyhint="send"
        autocomplete="off"
        placeholder=${view.words ? labels.input_words : about}
        aria-describedby="limit"
        aria-invalid=${over > 0 ? "true" : "false"}
        .value=${live(view.draft)}
        @input=${(event: Event) => view.input((event.target as HTMLTextAreaElement).value)}
        @keydown=${view.keydown}
      ></textarea>
      <button type="submit" class="send" ?disabled=${!view.canSend} aria-label=${labels.send}>${sendIcon()}</button>
    </form>
    <p id="limit" class="limit ${over > 0 ? "over" : ""}" aria-live="polite">
      ${
        over > 0
          ? fill(labels.too_long, { n: over })
          : near
            ? fill(labels.count, { n: used, max: view.maxChars })
            : nothing
      }
    </p>
    ${page?.bank.sample && page.bank.sample_notice ? html`<p class="sample">${page.bank.sample_notice}</p>` : nothing}
  </div>`;
}
