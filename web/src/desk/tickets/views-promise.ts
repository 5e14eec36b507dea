import { html, type TemplateResult } from "lit";
import { promiseSpec } from "./promise";
import { formView } from "./views-form";
import type { CasesView } from "./views-list";

/** What was promised to the customer of a conversation, beside that conversation. */
export function promiseDialog({ desk, labels }: CasesView): TemplateResult {
  const { cases } = desk;
  const { form } = cases.slot;
  const cancel = () => cases.slot.close();
  return html`<dialog aria-label=${labels.promise_title} @cancel=${cancel} @close=${cancel}>
    ${
      form
        ? formView({
            form,
            spec: promiseSpec(labels),
            labels,
            idle: desk.online,
            submit: () => void cases.savePromise(),
            cancel,
          })
        : ""
    }
  </dialog>`;
}
