import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { fill } from "../shared/fill";
import type { Desk } from "./desk";
import { nthKeys, SHORTCUTS } from "./keys";
import type { Labels } from "./labels.zh";
import { PRESENCES } from "./model";
import { address, type Entry, entryOf } from "./place";

export interface TopView {
  desk: Desk;
  labels: Labels;
  muted: boolean;
  /** The browser does not let the page sound yet. */
  asleep: boolean;
  testSound(): void;
  switchSound(): void;
  switchLanguage(): void;
  help(): void;
  /** Says that my status has changed. */
  changed(): void;
}

export function topView({
  desk,
  labels,
  muted,
  asleep,
  testSound,
  switchSound,
  switchLanguage,
  help,
  changed,
}: TopView): TemplateResult {
  const presence = desk.lists.view?.presence;
  return html`<header class="top">
    <p class="logo" aria-hidden="true"></p>
    <h1>${desk.page.bank || labels.product}<small>${labels.title}</small></h1>
    ${navView(desk, labels)}
    <fieldset class="presence">
      <legend class="unseen">${labels.presence}</legend>
      ${PRESENCES.map(
        (one) => html`<label class=${one}>
          <input
            type="radio"
            name="presence"
            .checked=${live(presence === one)}
            @change=${() => void desk.deeds.setPresence(one).then(changed)}
          /><span>${labels[one]}</span>
        </label>`,
      )}
    </fieldset>
    <div class="row own">
    <button type="button" class="quiet" aria-keyshortcuts=${SHORTCUTS.help.keys} @click=${help}>${labels.help}</button>
    <button type="button" class="quiet" aria-pressed=${muted ? "false" : "true"} @click=${switchSound}>
      ${muted ? labels.unmute : labels.mute}
    </button>
    ${
      muted
        ? nothing
        : html`<button type="button" class="quiet" title=${asleep ? labels.sound_asleep : nothing} @click=${testSound}>
          ${labels.sound_test}${asleep ? html`<em class="tag amber">${labels.sound_asleep}</em>` : nothing}
        </button>`
    }
    <button type="button" class="quiet" @click=${switchLanguage}>${labels.language}</button>
    <span class="me">${desk.user?.name}</span>
    <button type="button" @click=${() => void desk.signOut()}>${labels.sign_out}</button>
    </div>
  </header>`;
}

/** The parts of the console. Offers and new messages are heard everywhere, so they stand at their entry too. */
function navView(desk: Desk, labels: Labels): TemplateResult {
  const here = entryOf(desk.where.place);
  const unread = desk.lists.view?.mine.reduce((sum, one) => sum + desk.lists.unread(one), 0) ?? 0;
  const news: Partial<Record<Entry, { n: number; words: string }>> = {
    talks: {
      n: here === "talks" ? 0 : (desk.lists.view?.offers.length ?? 0) + unread,
      words: labels.nav_talks_news,
    },
    tasks: { n: desk.cases.alerts.rows.length, words: labels.nav_alerts },
  };
  return html`<nav class="main-nav" aria-label=${labels.nav}>
    ${desk.where.entries.map(
      ({ view }, index) => html`<a
        href=${address(desk.where.at(view))}
        aria-current=${here === view ? "page" : nothing}
        aria-keyshortcuts=${nthKeys(SHORTCUTS.entry, index)}
        title=${nthKeys(SHORTCUTS.entry, index)}
        >${labels[`nav_${view}`]}${newsView(news[view])}</a>`,
    )}
  </nav>`;
}

function newsView(news?: { n: number; words: string }): TemplateResult | typeof nothing {
  if (!news || news.n === 0) return nothing;
  return html`<b class="unread"><span aria-hidden="true">${news.n}</span
    ><span class="unseen">${fill(news.words, { n: news.n })}</span></b>`;
}
