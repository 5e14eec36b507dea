import { html, type TemplateResult } from "lit";

export function section(title: string, body: unknown): TemplateResult {
  return html`<section><h3>${title}</h3>${body}</section>`;
}
