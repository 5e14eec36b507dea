import { html, nothing, type TemplateResult } from "lit";
import type { Desk } from "./desk";
import type { Labels } from "./labels.zh";

export function signInView(desk: Desk, labels: Labels, switchLanguage: () => void): TemplateResult {
  return html`<main class="sign-in">
    <form
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const form = new FormData(event.target as HTMLFormElement);
        void desk.signIn(String(form.get("username")).trim(), String(form.get("password")));
      }}
    >
      <p class="logo" aria-hidden="true"></p>
      <h1>${labels.product}<small>${labels.sign_in_title}</small></h1>
      ${desk.signInTrouble ? html`<p class="trouble" role="alert">${desk.signInTrouble}</p>` : nothing}
      <label class="field"><span>${labels.username}</span>
        <input name="username" autocomplete="username" autocapitalize="none" required autofocus />
      </label>
      <label class="field"><span>${labels.password}</span>
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <button type="submit" class="solid wide" ?disabled=${desk.busy}>
        ${desk.busy ? labels.signing_in : labels.sign_in}
      </button>
      <button type="button" class="quiet" @click=${switchLanguage}>${labels.language}</button>
    </form>
  </main>`;
}
