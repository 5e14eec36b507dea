import { html } from "lit";
import type { Tab } from "./tab";

/** Quick replies, put into the reply by a click. */
export const replies: Tab = {
  id: "replies",
  label: "replies",
  chosen: ({ desk }) => void desk.tools.replies.load(),
  draw: ({ desk, labels, insert }) => {
    const { groups } = desk.tools.replies;
    if (groups.length === 0) return html`<p class="faint">${labels.replies_none}</p>`;
    return groups.map(
      ({ moment, replies }) => html`<section>
        <h3>${labels[`replies_${moment ?? "other"}`]}</h3>
        ${replies.map(
          (one) => html`<button type="button" class="script" @click=${() => insert(one.text)}>
            <strong>${one.title}</strong>
            <span class="text">${one.text}</span>
          </button>`,
        )}
      </section>`,
    );
  },
};
