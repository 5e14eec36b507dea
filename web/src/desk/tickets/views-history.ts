import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import type { Labels } from "../labels.zh";
import { address } from "../place";
import { fileAddress } from "./api";
import { sizeWords, typeWords } from "./files";
import type { Full } from "./model";
import type { CasesView } from "./views-list";
import { section, ticketLink } from "./views-parts";

/** What was done, newest first; it never changes. */
export function timelineView(labels: Labels, full: Full): TemplateResult {
  const steps = [...full.timeline].reverse();
  return section(
    labels.case_timeline,
    html`<ol class="timeline">
      ${steps.map(
        (one) => html`<li>
          <p class="row wrap">
            <strong>${one.label}</strong><span>${one.actor}</span>
            <time class="faint" datetime=${one.at}>${dueTime(one.at)}</time>
          </p>
          ${one.text ? html`<p class="text">${one.text}</p>` : nothing}
        </li>`,
      )}
    </ol>`,
    { count: steps.length },
  );
}

export function filesView({ desk, labels }: CasesView, full: Full): TemplateResult | typeof nothing {
  const { page, choices } = desk.cases;
  if (full.files.length === 0 && !full.may_work) return nothing;
  const { types, max_bytes } = choices.files;
  const rules = fill(labels.file_rules, {
    types: types.map(typeWords).join(labels.list_and),
    max: Number.isFinite(max_bytes) ? sizeWords(max_bytes) : "",
  });
  const choose = async (event: Event) => {
    const box = event.target as HTMLInputElement;
    const file = box.files?.[0];
    if (file) await page.upload(file);
    box.value = ""; // So that the same file can be chosen again.
  };
  return section(
    labels.case_files,
    html`
      <ul class="files">
        ${repeat(
          full.files,
          (one) => one.id,
          (one) => html`<li>
            <a href=${fileAddress(full.number, one.id)} download=${one.name}>${one.name}</a>
            <span class="faint">${sizeWords(one.size)} · ${one.by} · ${dueTime(one.at)}</span>
          </li>`,
        )}
      </ul>
      ${full.files.length === 0 ? html`<p class="faint">${labels.none}</p>` : nothing}
      ${
        full.may_work
          ? html`<label class="field"><span>${page.uploading ? labels.file_sending : labels.file_add}</span>
            <input
              type="file"
              accept=${types.join(",") || nothing}
              aria-describedby="file-rules"
              ?disabled=${page.uploading || !desk.online}
              @change=${choose}
            />
          </label>
          ${types.length > 0 ? html`<p class="hint" id="file-rules">${rules}</p>` : nothing}`
          : nothing
      }
      ${page.fileTrouble ? html`<p class="wrong" role="alert">${page.fileTrouble}</p>` : nothing}
    `,
    { count: full.files.length },
  );
}

/** The conversations that belong to it, and the case that it repeats. */
export function linkedView({ labels }: CasesView, full: Full): TemplateResult | typeof nothing {
  const own = full.conversation_id;
  const linked = full.linked.filter((one) => one.conversation_id !== own);
  if (!own && linked.length === 0 && full.earlier.length === 0 && !full.repeat_of) return nothing;
  const link = (id: string, words: string) =>
    html`<a href=${address({ view: "talks", conversation: id })}>${words}</a>`;
  const why = full.linked.find((one) => one.conversation_id === own);
  return section(
    labels.case_linked,
    html`<ul class="linked">
      ${full.repeat_of ? html`<li>${labels.case_repeat_of} ${ticketLink(full.repeat_of)}</li>` : nothing}
      ${full.earlier.length > 0 ? html`<li>${labels.case_earlier}${earlierView(full)}</li>` : nothing}
      ${own ? html`<li>${link(own, labels.case_conversation)}${why?.why ? html`<p class="faint">${why.why}</p>` : nothing}</li>` : nothing}
      ${linked.map(
        (one) => html`<li>
          ${link(one.conversation_id, fill(labels.linked_conversation, { channel: one.channel_label, t: dueTime(one.at) }))}
          ${one.why ? html`<p class="faint">${one.why}</p>` : nothing}
        </li>`,
      )}
    </ul>`,
  );
}

function earlierView(full: Full): TemplateResult {
  return html`<ul>
    ${full.earlier.map(
      (one) => html`<li>
        ${ticketLink(one.number)} <span class="faint">${dueTime(one.opened_at)} · ${one.state_label}</span>
        ${one.title ? html`<p class="text">${one.title}</p>` : nothing}
      </li>`,
    )}
  </ul>`;
}
