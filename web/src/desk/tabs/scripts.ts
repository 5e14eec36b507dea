import { html, nothing, type TemplateResult } from "lit";
import type { Log } from "../../shared/log";
import type { WireEvent } from "../../shared/wire";
import type { Desk } from "../desk";
import type { Script } from "../model";
import type { Tab, TabView } from "./tab";

/** The bank's scripts: first those that fit what the customer wrote last, then those found while one types. */
export const scripts: Tab = {
  id: "scripts",
  label: "scripts",
  chosen: ({ desk }) => {
    if (desk.scripts.found.length === 0) desk.scripts.type(desk.scripts.query);
  },
  draw: (view) => {
    const { desk, labels } = view;
    const { found, query } = desk.scripts;
    const suggested = query.trim() ? [] : suggestedNow(desk);
    const ids = new Set(suggested.map((one) => one.id));
    return html`<label class="unseen" for="script-search">${labels.scripts_search}</label>
      <input
        id="script-search"
        type="search"
        autocomplete="off"
        placeholder=${labels.scripts_search}
        .value=${query}
        @input=${(event: Event) => desk.scripts.type((event.target as HTMLInputElement).value)}
      />
      ${
        suggested.length > 0
          ? html`<section><h3>${labels.suggested}</h3>${suggested.map((one) => scriptView(view, one))}</section>
            <h3>${labels.suggested_found}</h3>`
          : nothing
      }
      ${
        found.length === 0
          ? html`<p class="faint">${query.trim() ? labels.scripts_none : labels.scripts_start}</p>`
          : found.filter((one) => !ids.has(one.id)).map((one) => scriptView(view, one))
      }`;
  },
};

/** Nothing for a conversation that is not open to us: it is another's, or has ended. */
function suggestedNow({ talk, scripts }: Desk): readonly Script[] {
  const asked = talk && lastAsked(talk.log);
  if (!talk || !asked || talk.gone) return [];
  scripts.follow(talk.id, asked.seq);
  return scripts.suggested;
}

function scriptView({ labels, insert }: TabView, one: Script): TemplateResult {
  return html`<button type="button" class="script" @click=${() => insert(one.text)}>
    <strong>${one.title}</strong>
    <span class="text">${one.text}</span>
    <span class="row wrap">
      <em class="tag">${one.id} v${one.version}</em>
      ${one.disclosures?.length ? html`<em class="tag amber">${labels.script_warned}</em>` : nothing}
    </span>
  </button>`;
}

function lastAsked(log: Log): WireEvent | undefined {
  return [...log.events].reverse().find((one) => one.kind === "message" && one.actor.kind === "customer");
}
