import type { Drafts } from "./drafts";
import type { DialogKind } from "./views-dialogs";

/** A dialog, and the conversation it is about. */
export interface Asked {
  kind: DialogKind;
  id: string;
}

const OPEN = "dialog:open";
const name = ({ kind, id }: Asked) => `dialog:${kind}:${id}`;

/** What is chosen and typed in a conversation's dialogs, and which of them is open: kept over a reload. */
export class DialogDrafts {
  private followed: Element | null = null;

  constructor(private readonly drafts: () => Drafts) {}

  opened(asked: Asked | null): void {
    this.drafts().write(OPEN, asked ? `${asked.kind}:${asked.id}` : "");
  }

  /** The dialog that was open about this conversation when the page went. */
  left(id: string): Asked | null {
    const [kind, about] = this.drafts().text(OPEN).split(":");
    return about === id ? { kind: kind as DialogKind, id } : null;
  }

  /** It was done: nothing of it is kept. */
  done(asked: Asked): void {
    this.drafts().write(name(asked), "");
  }

  /** The form is on the page: what was typed stands in it again, and what will be is kept. */
  follow(form: HTMLFormElement | null, asked: Asked | null): void {
    if (!form || !asked || form === this.followed) return;
    this.followed = form;
    fill(form, this.drafts().text(name(asked)));
    form.addEventListener("input", () => this.drafts().write(name(asked), written(form)));
  }
}

function written(form: HTMLFormElement): string {
  const values = [...new FormData(form)].filter(([, value]) => value !== "");
  return values.length > 0 ? JSON.stringify(Object.fromEntries(values)) : "";
}

function fill(form: HTMLFormElement, text: string): void {
  const values = read(text);
  for (const box of form.querySelectorAll<HTMLInputElement>("input[name], select[name], textarea[name]")) {
    const value = values[box.name];
    if (typeof value !== "string") continue;
    if (box.type === "radio" || box.type === "checkbox") box.checked = box.value === value;
    else box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true })); // Whoever draws the form hears of it.
  }
}

function read(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text || "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
