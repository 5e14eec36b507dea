import { html, nothing, type TemplateResult } from "lit";
import { dueTime } from "../../shared/times";
import type { Labels } from "../labels.zh";
import type { Axis, Full } from "./model";
import { nameOf } from "./slot";
import type { CasesView } from "./views-list";
import { section, wordList } from "./views-parts";

/** What happened, in the customer's words, and what is wanted. */
export function fieldsView(labels: Labels, full: Full): TemplateResult {
  const { fields } = full;
  const types: Record<string, string> = {
    personal: labels.type_personal,
    corporate: labels.type_corporate,
  };
  return section(
    labels.f_facts,
    html`
      <p class="text facts">${full.facts || labels.none}</p>
      ${wordList([
        [labels.reason, full.reason ?? ""],
        [labels.f_request, fields.request],
        [labels.f_basis, fields.basis],
        [labels.f_product, fields.product],
        [labels.f_amount, fields.amount],
        [labels.f_branch, fields.branch],
        [labels.f_customer_type, types[fields.customer_type] ?? fields.customer_type],
        [labels.f_on_behalf, fields.on_behalf],
        [labels.f_representatives, fields.representatives.join("、")],
        [labels.f_prefers, fields.prefers],
        [labels.f_accused, full.accused.map((one) => one.label).join("、")],
      ])}
    `,
  );
}

/** The solution that was proposed, and how it ended. */
export function outcomeView(labels: Labels, full: Full): TemplateResult | typeof nothing {
  const { proposal, result } = full;
  if (!proposal && !result) return nothing;
  const answer =
    proposal?.agreed === true
      ? labels.agreed_yes
      : proposal?.agreed === false
        ? labels.agreed_no
        : labels.agreed_open;
  return html`
    ${
      proposal
        ? section(
            labels.f_proposal,
            html`<p class="text facts">${proposal.text}</p>
            <p class="row wrap"><em class="tag ${proposal.agreed ? "green" : "amber"}">${answer}</em><span class="faint">${dueTime(proposal.at)}</span></p>`,
          )
        : nothing
    }
    ${
      result
        ? section(
            labels.case_result,
            wordList([
              [labels.f_basics, result.basics],
              [labels.f_handling, result.handling],
              [labels.f_reasons, result.reasons],
              [labels.f_satisfaction_words, result.satisfaction],
              [labels.f_improvement, result.improvement],
            ]),
          )
        : nothing
    }
  `;
}

/** The classes on every axis. What the system proposes is marked until somebody confirms or changes it. */
export function classesView({ desk, labels }: CasesView, full: Full): TemplateResult {
  const { cases } = desk;
  const axes = cases.choices.axes.length > 0 ? cases.choices.axes : Object.keys(full.classes).map(bareAxis);
  const id = `${full.number}/classify`;
  return section(
    labels.case_classes,
    html`
      ${full.proposed_classes ? html`<p class="proposed">${labels.classes_proposed}</p>` : nothing}
      ${wordList([
        ...axes.map((axis) => [axis.label, className(axis, full.classes[axis.id]) || labels.none] as const),
        [labels.f_root_cause, full.root_cause],
      ])}
      ${
        full.allowed.includes("classify")
          ? html`<p class="row"><button
            type="button"
            aria-expanded=${cases.slot.is(id) ? "true" : "false"}
            data-opens=${nameOf(id)}
            ?disabled=${!desk.online}
            @click=${() => cases.page.press("classify")}
          >${full.proposed_classes ? labels.classes_confirm : labels.classes_change}</button></p>`
          : nothing
      }
    `,
  );
}

function bareAxis(id: string): Axis {
  return { id, label: id, values: [] };
}

function className(axis: Axis, said: string | undefined): string {
  return axis.values.find((one) => one.id === said)?.label ?? said ?? "";
}
