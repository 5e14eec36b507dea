import { html, type TemplateResult } from "lit";
import { SHORTCUTS } from "./keys";
import type { Labels } from "./labels.zh";

/** Every shortcut, from the table that handles them. */
export function helpDialog(labels: Labels, close: () => void): TemplateResult {
  return html`<dialog class="help" aria-labelledby="help-title" @cancel=${close} @close=${close}>
    <h2 id="help-title">${labels.help}</h2>
    <table>
      <tbody>
        ${Object.values(SHORTCUTS).map(
          ({ keys, label }) => html`<tr>
            <th scope="row">${keys.split(" ").map((one) => keysView(one))}</th>
            <td>${labels[label]}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    <div class="row end">
      <span class="hint grow">${labels.help_hint}</span>
      <button type="button" class="solid" @click=${close}>${labels.help_close}</button>
    </div>
  </dialog>`;
}

function keysView(keys: string): TemplateResult {
  const caps = keys.replace("Digit", "1…9").replace("Control", "Ctrl").split("+");
  return html`<span class="keys">${caps.map((one) => html`<kbd>${one}</kbd>`)}</span>`;
}
