import { html, type TemplateResult } from "lit";
import type { Labels } from "../labels.zh";
import type { Option } from "../model";
import type { Offered, Person } from "./model";

/** What a colleague takes, and how many at once: the part of his account that a supervisor may change. */
export function workFields(
  labels: Labels,
  offered: Pick<Offered, "skills" | "limit">,
  one: Person,
): TemplateResult {
  return html`${checks(labels.people_skills, "skills", offered.skills, one.skills)}
    <label>${labels.people_limit}<input
      name="limit" type="number" min="0" max=${offered.limit} required .defaultValue=${String(one.limit)}
    /></label>`;
}

/** What `workFields` hold. */
export function workOf(data: FormData): Pick<Person, "skills" | "limit"> {
  return { skills: data.getAll("skills").map(String), limit: Number(text(data, "limit")) };
}

export function checks(
  label: string,
  name: string,
  options: readonly Option[],
  chosen: readonly string[],
): TemplateResult {
  return html`<fieldset class="checks"><legend>${label}</legend>
    ${options.map(
      (
        one,
      ) => html`<label><input type="checkbox" name=${name} value=${one.id} .defaultChecked=${chosen.includes(one.id)} />
        ${one.label}</label>`,
    )}
  </fieldset>`;
}

/** Only what is another than before: to a supervisor the rest is not his to send. */
export function changes(one: Person, values: Partial<Person>): Partial<Person> {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !same(one[name as keyof Person], value)),
  );
}

export function text(data: FormData, name: string): string {
  return String(data.get(name) ?? "");
}

/** The form's values; `clear`: it is empty again when that has been done. */
export function submitted(deed: (data: FormData) => Promise<boolean>, clear = false) {
  return (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void deed(new FormData(form)).then((done) => {
      const passwords = form.querySelectorAll<HTMLInputElement>("input[type=password]");
      if (done && clear) form.reset();
      else if (done) for (const box of passwords) box.value = "";
    });
  };
}
