import { html, nothing, type TemplateResult } from "lit";
import { type Act, actSpec, actsOf, isAtOnce } from "./acts";
import type { Full } from "./model";
import { nameOf } from "./slot";
import { formView } from "./views-form";
import type { CasesView } from "./views-list";
import { waitingIn } from "./waiting";

/** The acts that are allowed now as buttons, and the form of the one that is open. */
export function actsView(view: CasesView, full: Full): TemplateResult {
  const { desk, labels } = view;
  const { page, slot } = desk.cases;
  const { act } = page;
  const allowed = actsOf(full.allowed);
  const waiting = waitingIn(full);
  // Their buttons stand with the classes, and with the texts that wait.
  const buttons = allowed.filter((one) => one !== "classify" && (one !== "told" || waiting.length === 0));
  const beside = waiting.some((one) => one.what.id === page.what);
  const gone = page.what !== "" && !beside; // Somebody else has told it meanwhile.
  return html`<section class="acts" aria-label=${labels.acts}>
    <div class="row wrap">
      ${buttons.map((one, index) => actButton(view, full, one, index === 0))}
      ${buttons.length === 0 ? html`<p class="faint">${labels.acts_none}</p>` : nothing}
    </div>
    ${page.refused ? html`<p class="trouble" role="alert">${page.refused}</p>` : nothing}
    ${
      act && slot.form && !beside
        ? formView({
            form: slot.form,
            spec: actSpec(act, full, desk.cases.choices, labels),
            labels,
            idle: desk.online && !page.busy,
            barred: allowed.includes(act) && !gone ? "" : labels.act_barred,
            submit: (how) => void page.submit(how),
            cancel: () => slot.close(),
          })
        : nothing
    }
  </section>`;
}

function actButton({ desk, labels }: CasesView, full: Full, act: Act, first: boolean): TemplateResult {
  const { page, slot } = desk.cases;
  const id = `${full.number}/${act}`;
  const open = slot.is(id);
  const draft = !open && !isAtOnce(act) && slot.hasDraft(id);
  return html`<button
    type="button"
    class=${first ? "strong" : ""}
    data-opens=${nameOf(id)}
    aria-expanded=${isAtOnce(act) ? nothing : open ? "true" : "false"}
    ?disabled=${!desk.online || page.busy}
    @click=${() => page.press(act)}
  >${labels[`act_${act}`]}${draft ? html`<small class="draft">${labels.has_draft}</small>` : nothing}</button>`;
}
