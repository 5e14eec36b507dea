import type { Wanted } from "./slot";

const BOXES = "input:not([disabled]), textarea, select";

/** Moves the keyboard into a form, or back to the button that opened it. False while that is not on the page yet. */
export function focusWanted(root: ParentNode, wanted: Wanted): boolean {
  const named = (attribute: string) =>
    [...root.querySelectorAll<HTMLElement>(`[${attribute}]`)].find(
      (one) => one.getAttribute(attribute) === wanted.form,
    );
  if (wanted.back) {
    const opener = named("data-opens");
    opener?.focus();
    return true; // A button that is gone, because the case allows the act no more, is not waited for.
  }
  const form = named("data-form");
  if (!form) return false;
  const boxes = [...form.querySelectorAll<HTMLInputElement>(BOXES)];
  const field = wanted.field ? `${wanted.form}-${wanted.field}` : null;
  const box = boxes.find((one) => field !== null && (one.id === field || one.name === field)) ?? boxes[0];
  box?.focus();
  return true;
}
