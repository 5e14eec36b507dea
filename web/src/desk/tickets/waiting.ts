import type { Option } from "../model";
import type { Full, Task } from "./model";

/** What a person is to tell the customer: all texts of one kind, which are told at once. */
export interface Waiting {
  what: Option;
  texts: readonly Task[];
}

/** The texts that wait for a person, what is due first standing first; none where the act `told` is not mine to do. */
export function waitingIn(full: Full): Waiting[] {
  if (!full.allowed.includes("told")) return [];
  const found = new Map<string, { what: Option; texts: Task[] }>();
  const tasks = full.tasks.filter((one) => one.kind === "tell" && one.open);
  for (const task of tasks.sort((one, other) => Date.parse(one.due_at) - Date.parse(other.due_at))) {
    if (!task.what) continue;
    const known = found.get(task.what.id);
    if (known) known.texts.push(task);
    else found.set(task.what.id, { what: task.what, texts: [task] });
  }
  return [...found.values()];
}

/** Under which the form stands that says how a text was told. */
export function toldId(number: string, what: string): string {
  return `${number}/told/${what}`;
}
