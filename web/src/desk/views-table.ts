import { html, nothing, type TemplateResult } from "lit";

export interface Table {
  /** Of its heading. */
  id: string;
  heads: readonly string[];
  rows: unknown;
}

/** A table that may be scrolled on its own. */
export function tableView({ id, heads, rows }: Table): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="group" aria-labelledby=${id}>
    <table class="plain">
      <thead><tr>${heads.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead>
      <tbody>${rows}</tbody>
    </table>
  </div>`;
}

/** The one row of a table that has none. */
export function emptyRow(words: string, columns: number): TemplateResult {
  return html`<tr><td class="faint" colspan=${columns}>${words}</td></tr>`;
}

/** Gets the next rows of a list, while there are more. */
export function moreView(words: string, more: boolean, busy: boolean, get: () => unknown): unknown {
  if (!more) return nothing;
  return html`<p class="more"><button type="button" aria-disabled=${busy ? "true" : "false"} @click=${() => void get()}>
    ${words}
  </button></p>`;
}
