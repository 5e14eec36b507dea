import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../shared/fill";
import { dueTime } from "../shared/times";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";
import type { Package, Script } from "./model";
import { channelBadge } from "./views-channel";
import { contextView } from "./views-context";

export interface AsideView {
  desk: Desk;
  labels: Labels;
  tab: "package" | "scripts";
  query: string;
  searched: boolean;
  setTab(tab: "package" | "scripts"): void;
  search(query: string): void;
  insert(script: Script): void;
}

export function asideView(view: AsideView): TemplateResult {
  const { desk, labels, tab } = view;
  const pack = desk.talk?.package;
  const tabButton = (name: "package" | "scripts", label: string) => html`<button
    type="button"
    role="tab"
    id=${`tab-${name}`}
    aria-controls="aside-body"
    aria-selected=${tab === name ? "true" : "false"}
    @click=${() => view.setTab(name)}
  >${label}</button>`;
  return html`<aside class="about" aria-label=${labels.handover}>
    <div class="tabs" role="tablist">
      ${tabButton("package", labels.handover)} ${tabButton("scripts", labels.scripts)}
    </div>
    <div id="aside-body" class="about-body" role="tabpanel" aria-labelledby=${`tab-${tab}`} tabindex="0">
      ${tab === "scripts" ? scriptsView(view) : pack ? packageView(labels, pack) : nothing}
    </div>
  </aside>`;
}

function section(title: string, body: unknown): TemplateResult {
  return html`<section><h3>${title}</h3>${body}</section>`;
}

function packageView(labels: Labels, pack: Package): TemplateResult {
  const attempts = pack.attempts ?? [];
  const misunderstood = pack.misunderstandings ?? 0;
  const former = pack.former?.length ?? 0;
  return html`
    ${pack.reason ? section(labels.reason, html`<p class="reason">${pack.reason.text}</p>`) : nothing}
    ${pack.summary ? section(labels.summary, html`<p class="text">${pack.summary}</p>`) : nothing}
    ${section(
      labels.topic,
      html`<p class="row wrap">
        <em class="tag">${pack.topic || labels.none}</em>
        ${channelBadge(labels, pack.channel)}
        ${pack.large_type ? html`<em class="tag amber">${labels.large_type}</em>` : nothing}
        ${
          misunderstood > 0
            ? html`<em class="tag amber">${fill(labels.misunderstandings, { n: misunderstood })}</em>`
            : nothing
        }
        ${former > 0 ? html`<em class="tag">${fill(labels.former, { n: former })}</em>` : nothing}
      </p>`,
    )}
    ${
      pack.cases?.length
        ? section(
            labels.cases,
            pack.cases.map((one) => caseView(labels, one)),
          )
        : nothing
    }
    ${contextView(labels, pack.context)}
    ${
      pack.entities?.length
        ? section(
            labels.entities,
            html`<dl>${pack.entities.map((one) => html`<div><dt>${entityName(labels, one.entity)}</dt><dd>${one.value}</dd></div>`)}</dl>`,
          )
        : nothing
    }
    ${section(
      labels.attempts,
      attempts.length === 0
        ? html`<p class="faint">${labels.none}</p>`
        : html`<ol class="attempts">
            ${attempts.map((one) => html`<li><p>${one.asked}</p><p class="answered">${one.answered}</p></li>`)}
          </ol>`,
    )}
    ${section(
      labels.warnings,
      pack.warnings?.length
        ? html`<p class="row wrap">
            ${pack.warnings.map((one) => html`<em class="tag green">${one.title ?? one.id}</em>`)}
          </p>`
        : html`<p class="faint">${labels.none}</p>`,
    )}
  `;
}

/** The name of what was found in the customer's words; an entity that this page does not know keeps its own. */
function entityName(labels: Labels, entity: string): string {
  const name = `entity_${entity}`;
  return name in labels ? labels[name as keyof Labels] : entity;
}

function caseView(labels: Labels, one: NonNullable<Package["cases"]>[number]): TemplateResult {
  return html`<div class="case">
    <p class="row"><strong>${one.number}</strong>${one.severity ? html`<em class="tag amber">${one.severity}</em>` : nothing}</p>
    <p class="faint">
      ${one.owner ? fill(labels.case_owner, { name: one.owner }) : nothing}
      ${one.due ? fill(labels.case_due, { t: dueTime(one.due) }) : nothing}
    </p>
  </div>`;
}

function scriptsView(view: AsideView): TemplateResult {
  const { desk, labels } = view;
  return html`<label class="unseen" for="script-search">${labels.scripts_search}</label>
    <input
      id="script-search"
      type="search"
      autocomplete="off"
      placeholder=${labels.scripts_search}
      .value=${view.query}
      @input=${(event: Event) => view.search((event.target as HTMLInputElement).value)}
    />
    ${
      desk.scripts.length === 0
        ? html`<p class="faint">${view.searched ? labels.scripts_none : labels.scripts_start}</p>`
        : desk.scripts.map(
            (one) => html`<button type="button" class="script" @click=${() => view.insert(one)}>
            <strong>${one.title}</strong>
            <span class="text">${one.text}</span>
            <span class="row wrap">
              <em class="tag">${one.id} v${one.version}</em>
              ${one.disclosures?.length ? html`<em class="tag amber">${labels.script_warned}</em>` : nothing}
            </span>
          </button>`,
          )
    }`;
}
