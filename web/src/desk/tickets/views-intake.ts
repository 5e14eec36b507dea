import { html, nothing, type TemplateResult } from "lit";
import { address, type Place } from "../place";
import { formView } from "./views-form";
import { type CasesView, troubleView } from "./views-list";

/** A new complaint that an officer writes down. */
export function intakeView({ desk, labels }: CasesView): TemplateResult {
  const { intake } = desk.cases;
  const { conversation, form } = intake;
  const back: Place = conversation ? { view: "talks", conversation } : { view: "list" };
  return html`<main class="cases intake">
    <h2 class="unseen">${labels.intake_title}</h2>
    <p class="crumb"><a href=${address(back)}>← ${conversation ? labels.nav_talks : labels.nav_list}</a></p>
    ${
      intake.trouble && conversation
        ? troubleView(labels, intake.trouble, () => void intake.fillIn(conversation))
        : nothing
    }
    ${
      intake.loading
        ? html`<p class="faint" role="status">${labels.intake_filling}</p>`
        : form
          ? formView({
              form,
              spec: intake.spec(),
              labels,
              idle: desk.online,
              submit: () => void intake.submit(),
              cancel: () => desk.where.open(back),
            })
          : nothing
    }
  </main>`;
}
