import { html } from "lit";
import { fill } from "../../shared/fill";
import type { Tab } from "./tab";

/** What changed today in what the bank says; opened, it is looked up anew, and a button is the receipt. */
export const news: Tab = {
  id: "news",
  label: "news",
  count: ({ desk }) => desk.tools.news.unread,
  chosen: ({ desk }) => void desk.tools.news.load(),
  draw: ({ desk, labels }) => {
    const { all, unread } = desk.tools.news;
    if (all.length === 0) return html`<p class="faint">${labels.news_none}</p>`;
    return html`
      <ul class="news">
        ${all.map(
          (one) => html`<li class=${one.seen ? "seen" : ""}>
            <p class="row wrap">
              <em class="tag ${one.change === "stopped" ? "alarm" : "amber"}">${labels[`news_${one.change}`]}</em>
              <strong>${one.title}</strong>
            </p>
            <p class="text">${one.text}</p>
            <p class="faint">${one.id}</p>
          </li>`,
        )}
      </ul>
      ${
        unread === 0
          ? html`<p class="faint">${labels.news_all_read}</p>`
          : html`<button type="button" class="solid" ?disabled=${!desk.online} @click=${() => desk.tools.news.read()}>
            ${fill(labels.news_read, { n: unread })}
          </button>`
      }
    `;
  },
};
