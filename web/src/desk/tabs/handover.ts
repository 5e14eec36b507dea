import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import type { Labels } from "../labels.zh";
import type { Package } from "../model";
import type { Talk } from "../talk";
import { ticketLink } from "../tickets/views-parts";
import { channelBadge } from "../views-channel";
import { contextView } from "../views-context";
import { formersView } from "./handover-former";
import { broughtBy, firstNote, notesView } from "./handover-notes";
import { section } from "./handover-parts";
import { flagsView, personView } from "./handover-person";
import { inWords } from "./named";
import type { Tab, TabView } from "./tab";

/** What whoever takes over has to know, so that the customer repeats nothing. */
export const handover: Tab = {
  id: "package",
  label: "handover",
  draw: (view) => {
    const { talk } = view.desk;
    return talk?.package ? packageView(view, talk, talk.package) : nothing;
  },
};

function packageView(view: TabView, talk: Talk, pack: Package): TemplateResult {
  const { labels } = view;
  const brought = broughtBy(pack.notes, talk.log.events);
  const attempts = pack.attempts ?? [];
  const misunderstood = pack.misunderstandings ?? 0;
  return html`
    ${brought ? firstNote(view, brought) : nothing}
    ${flagsView(labels, pack.signals.flags)}
    ${personView(labels, pack.identity, pack.signals)}
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
    ${notesView(
      view,
      pack.notes.filter((one) => one !== brought),
    )}
    ${formersView(view, talk, pack.history)}
    ${contextView(labels, pack.context)}
    ${
      pack.entities?.length
        ? section(
            labels.entities,
            html`<dl>${pack.entities.map((one) => html`<div><dt>${entityName(labels, one.entity)}</dt><dd>${inWords(one)}</dd></div>`)}</dl>`,
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
    <p class="row"><strong>${ticketLink(one.number)}</strong>${one.severity ? html`<em class="tag amber">${one.severity}</em>` : nothing}</p>
    <p class="faint">
      ${one.owner ? fill(labels.case_owner, { name: one.owner }) : nothing}
      ${one.due ? fill(labels.case_due, { t: dueTime(one.due) }) : nothing}
    </p>
  </div>`;
}
