import { html, nothing, type TemplateResult } from "lit";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import type { Tab, TabView } from "./tab";

/** What agents note on the conversation for each other; the customer never gets a word of it. */
export const marks: Tab = {
  id: "marks",
  label: "marks",
  draw: (view) => {
    const { desk, labels } = view;
    const { talk } = desk;
    if (!talk?.package || talk.gone) return nothing;
    const { notes, tags } = talk.package.marks ?? { notes: [], tags: [] };
    return html`
      <p class="faint">${labels.marks_hint}</p>
      <section>
        <h3>${labels.tags}</h3>
        ${
          tags.length > 0
            ? html`<p class="row wrap">${tags.map((tag) => tagView(view, talk.id, tag))}</p>`
            : html`<p class="faint">${labels.none}</p>`
        }
        ${form(view, talk.id, "tag")}
      </section>
      <section>
        <h3>${labels.notes}</h3>
        ${notes.map(
          (note) => html`<article class="noted-by">
            <p class="faint">${note.by} · ${dueTime(note.at)}</p>
            <p class="text">${note.text}</p>
          </article>`,
        )}
        ${form(view, talk.id, "note")}
      </section>
    `;
  },
};

function tagView({ desk, labels }: TabView, id: string, tag: string): TemplateResult {
  return html`<em class="tag">${tag}
    <button
      type="button"
      class="plain untag"
      aria-label=${fill(labels.untag, { tag })}
      ?disabled=${desk.busy || !desk.online}
      @click=${() => void desk.deeds.mark(id, "untag", tag)}
    >×</button></em>`;
}

function form({ desk, labels }: TabView, id: string, kind: "note" | "tag"): TemplateResult {
  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const box = (event.currentTarget as HTMLFormElement).elements.namedItem(kind) as HTMLInputElement;
    const text = box.value.trim();
    if (text && (await desk.deeds.mark(id, kind, text))) box.value = "";
  };
  const name = `mark-${kind}`;
  return html`<form class="mark-form" @submit=${send}>
    <label class="unseen" for=${name}>${labels[`add_${kind}`]}</label>
    ${
      kind === "tag"
        ? html`<input id=${name} name="tag" maxlength="20" autocomplete="off" placeholder=${labels.add_tag} />`
        : html`<textarea id=${name} name="note" rows="3" maxlength="1000" placeholder=${labels.add_note}></textarea>`
    }
    <button type="submit" ?disabled=${desk.busy || !desk.online}>${labels.add}</button>
  </form>`;
}
