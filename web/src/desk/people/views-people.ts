import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { fill } from "../../shared/fill";
import { dueTime } from "../../shared/times";
import type { Labels } from "../labels.zh";
import type { Option } from "../model";
import type { ConsoleView } from "../views-place";
import { tableView } from "../views-table";
import type { Person, SignIn } from "./model";
import type { People } from "./people";
import { changes, checks, submitted, text, workFields, workOf } from "./views-forms";

interface PeopleView {
  people: People;
  labels: Labels;
}

export function peopleView({ desk: { people, user }, labels }: ConsoleView): TemplateResult {
  const view = { people, labels };
  return html`<main class="cases people">
    <header class="cases-head"><h2 tabindex="-1" data-heading>${labels.nav_people}</h2></header>
    ${troubleView(view, "list")}
    <p class="done" role="status">${people.done}</p>
    <section aria-labelledby="people-own">
      <h3 id="people-own">${labels.people_own} <small>${user?.name} (${user?.username})</small></h3>
      ${sessionsView(view, people.own)}
      ${ownPasswordView(view)}
    </section>
    ${people.may("skills") ? allView(view) : nothing}
    ${people.may("people") ? makeView(view) : nothing}
  </main>`;
}

function allView(view: PeopleView): TemplateResult {
  const { people, labels } = view;
  return html`<section aria-labelledby="people-all">
    <h3 id="people-all">${labels.people_all}</h3>
    ${tableView({
      id: "people-all",
      heads: [
        labels.username,
        labels.people_name,
        labels.people_state,
        labels.people_roles,
        labels.people_skills,
        labels.people_limit,
        labels.people_act,
      ],
      rows: repeat(
        people.people,
        (one) => one.username,
        (one) => rowView(view, one),
      ),
    })}
  </section>`;
}

function rowView(view: PeopleView, one: Person): TemplateResult {
  const { people, labels } = view;
  const open = people.opened === one.username;
  const skills = one.skills.map((id) => people.offered.skills.find((known) => known.id === id)?.label ?? id);
  return html`<tr>
      <th scope="row">${one.username}</th>
      <td>${one.name}</td>
      <td>${stateOf(labels, one)}</td>
      <td>${(one.roles.length ? one.roles : ["agent"]).map((role) => roleName(labels, role)).join("、")}</td>
      <td>${skills.join("、") || labels.none}</td>
      <td class="number">${one.limit}</td>
      <td><button
        type="button"
        aria-expanded=${open ? "true" : "false"}
        @click=${() => people.open(open ? null : one.username)}
      >${open ? labels.people_shut : fill(labels.people_open, { name: one.name })}</button></td>
    </tr>
    ${open ? html`<tr class="opened"><td colspan="7">${keyed(one.username, personView(view, one))}</td></tr>` : nothing}`;
}

function stateOf(labels: Labels, one: Person): string {
  if (one.disabled) return labels.people_disabled;
  if (one.locked_until) return labels.people_locked;
  const { presence } = one;
  return presence === "ready" || presence === "busy" || presence === "away"
    ? labels[presence]
    : labels.offline;
}

export function roleName(labels: Labels, role: string): string {
  return (labels as Record<string, string>)[`role_${role}`] ?? role;
}

function personView(view: PeopleView, one: Person): TemplateResult {
  const { people, labels } = view;
  const all = people.may("people");
  const save = (data: FormData) => ({
    ...(all ? { name: text(data, "name"), roles: data.getAll("roles").map(String) } : {}),
    ...workOf(data),
  });
  return html`<div class="person">
    ${troubleView(view, "person")}
    <form @submit=${submitted((data) =>
      people.act("person", (api) => api.change(one.username, changes(one, save(data))), labels.people_saved),
    )}>
      ${
        all
          ? html`<label>${labels.people_name}<input name="name" required maxlength="64" .defaultValue=${one.name} /></label>
            ${checks(labels.people_roles, "roles", roleOptions(view), one.roles)}`
          : nothing
      }
      ${workFields(labels, people.offered, one)}
      <button class="solid" ?disabled=${people.busy}>${labels.people_save}</button>
    </form>
    ${all ? securityView(view, one) : nothing}
  </div>`;
}

function securityView(view: PeopleView, one: Person): TemplateResult {
  const { people, labels } = view;
  const act = (name: "disable" | "enable" | "unlock") => () =>
    void people.act("person", (api) => api.act(one.username, name), labels.people_saved);
  return html`<p class="acts">
      <button type="button" ?disabled=${people.busy} @click=${act(one.disabled ? "enable" : "disable")}>
        ${one.disabled ? labels.people_enable : labels.people_disable}
      </button>
      ${one.locked_until ? html`<button type="button" @click=${act("unlock")}>${labels.people_unlock}</button>` : nothing}
      <small>${labels.people_disable_hint}</small>
    </p>
    <form @submit=${submitted((data) =>
      people.act(
        "person",
        (api) => api.password(one.username, text(data, "password")),
        labels.people_password_saved,
      ),
    )}>
      ${passwordBox(labels.people_password_new, "password", "new-password", labels.people_password_hint)}
      <button ?disabled=${people.busy}>${labels.people_password}</button>
    </form>
    <h4>${labels.people_sessions}</h4>
    ${sessionsView(view, people.sessions, one.username)}`;
}

function sessionsView({ people, labels }: PeopleView, sessions: SignIn[], username?: string): TemplateResult {
  if (sessions.length === 0) return html`<p class="faint">${labels.people_none}</p>`;
  return html`<table class="plain">
    <thead><tr>
      <th scope="col">${labels.people_since}</th>
      <th scope="col">${labels.people_seen}</th>
      <th scope="col">${labels.people_browser}</th>
      <th scope="col">${labels.people_act}</th>
    </tr></thead>
    <tbody>${sessions.map(
      (one) => html`<tr>
        <td>${dueTime(one.created_at)}</td>
        <td>${dueTime(one.seen_at)}</td>
        <td class="browser">${one.browser || labels.none}</td>
        <td>${
          one.current
            ? labels.people_here
            : html`<button type="button" @click=${() =>
                void people.act(
                  username ? "person" : "own",
                  (api) => api.end(one.id, username),
                  labels.people_saved,
                )}
              >${labels.people_end}</button>`
        }</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

function ownPasswordView(view: PeopleView): TemplateResult {
  const { people, labels } = view;
  return html`<form @submit=${submitted(
    (data) =>
      people.act(
        "own",
        (api) => api.ownPassword(text(data, "old"), text(data, "password")),
        labels.people_password_saved,
      ),
    true,
  )}>
    ${troubleView(view, "own")}
    ${passwordBox(labels.people_password_old, "old", "current-password")}
    ${passwordBox(labels.people_password_new, "password", "new-password", labels.people_password_hint)}
    <button ?disabled=${people.busy}>${labels.people_password}</button>
  </form>`;
}

function makeView(view: PeopleView): TemplateResult {
  const { people, labels } = view;
  return html`<section aria-labelledby="people-new">
    <h3 id="people-new">${labels.people_new}</h3>
    <form @submit=${submitted(
      (data) =>
        people.make(
          {
            username: text(data, "username").trim(),
            name: text(data, "name"),
            password: text(data, "password"),
            roles: data.getAll("roles").map(String),
          },
          labels.people_made,
        ),
      true,
    )}>
      ${troubleView(view, "make")}
      <label>${labels.username}<input name="username" required maxlength="64" autocomplete="off" /></label>
      <label>${labels.people_name}<input name="name" required maxlength="64" autocomplete="off" /></label>
      ${passwordBox(labels.people_password_new, "password", "new-password", labels.people_password_hint)}
      ${checks(labels.people_roles, "roles", roleOptions(view), [])}
      <button class="solid" ?disabled=${people.busy}>${labels.people_make}</button>
    </form>
  </section>`;
}

function troubleView({ people: { trouble } }: PeopleView, form: string): TemplateResult | typeof nothing {
  return trouble?.form === form ? html`<p class="trouble" role="alert">${trouble.words}</p>` : nothing;
}

function passwordBox(
  label: string,
  name: string,
  autocomplete: "new-password" | "current-password",
  hint = "",
): TemplateResult {
  return html`<label>${label}<input type="password" name=${name} required maxlength="200" autocomplete=${autocomplete} />
    ${hint ? html`<small>${hint}</small>` : nothing}</label>`;
}

function roleOptions({ people, labels }: PeopleView): Option[] {
  return people.offered.roles.map((id) => ({ id, label: roleName(labels, id) }));
}
