import type { Drill } from "./drill";
import type { Narrow } from "./figures";
import { type Filter, type Narrowing, without } from "./filter";
import type { Wall } from "./wall";

/** The headings of the details, and of the day that they are of. */
export const [BEHIND, DAY] = ["wall-behind", "wall-day"] as const;

/** The entries behind a figure come under the charts, and the keyboard goes to them. */
export async function showBehind(wall: Wall, narrow: Narrow): Promise<void> {
  const moved = watchKeyboard();
  await wall.look(narrow);
  if (!moved()) lead(BEHIND);
}

/** The button goes with its narrowing: the keyboard goes to the heading before. */
export function widen(drill: Drill, filter: Filter, name: Narrowing): void {
  lead(BEHIND);
  void drill.open(without(filter, name));
}

/** With the last page the button goes; the page stays where it is. */
export async function readMore(drill: Drill): Promise<void> {
  if (drill.busy) return;
  const moved = watchKeyboard();
  await drill.read();
  if (drill.next === null && !moved()) lead(BEHIND, { preventScroll: true });
}

export function shutBehind(drill: Drill): void {
  lead(DAY, { preventScroll: true });
  drill.shut();
}

/** Tells whether somebody has moved the keyboard meanwhile: then it stays with him. */
function watchKeyboard(): () => boolean {
  const from = document.activeElement;
  return () => document.activeElement !== from && document.activeElement !== document.body;
}

function lead(heading: string, how?: FocusOptions): void {
  document.getElementById(heading)?.focus(how);
}
