import type { Labels } from "../labels.zh";
import type { CasesApi } from "./api";
import { type Field, LIMITS, type Spec, type Values } from "./form";
import type { Task } from "./model";

export interface TasksOptions {
  api: CasesApi;
  words(error: unknown): string | null;
  changed(): void;
}

/** Tasks that ask the customer something. */
export function asksCustomer(task: Pick<Task, "kind">): boolean {
  return task.kind === "visit" || task.kind === "final";
}

/** The form that ends a task: a note, and of a visit the answers, unless nobody was reached. */
export function taskSpec(task: Task, labels: Labels): Spec {
  const note: Field = { name: "note", label: labels.f_note, kind: "text", rows: 2, max: LIMITS.words };
  const common = { title: labels.task_finish, submit: labels.task_finish };
  if (!asksCustomer(task)) return { ...common, fields: [{ ...note, required: true }] };
  const reached = (values: Values) => values.reached === "yes";
  const answer = { kind: "text", rows: 2, max: LIMITS.words, when: reached } as const;
  return {
    ...common,
    hint: labels.task_unreached_hint,
    fields: [
      {
        name: "reached",
        label: labels.f_reached,
        kind: "radio",
        required: true,
        initial: "yes",
        options: [
          { id: "yes", label: labels.reached_yes },
          { id: "no", label: labels.reached_no },
        ],
      },
      {
        name: "satisfaction",
        label: labels.f_satisfaction,
        kind: "radio",
        required: true,
        options: [
          { id: "非常满意", label: labels.said_very },
          { id: "一般", label: labels.said_so },
          { id: "不满意", label: labels.said_not },
        ],
        when: reached,
      },
      { ...answer, name: "continuity", label: labels.f_continuity, required: true },
      {
        ...answer,
        name: "suggestions",
        label: labels.f_suggestions,
        hint: labels.f_suggestions_hint,
        required: task.kind === "visit",
      },
      { ...answer, name: "points", label: labels.f_points, hint: labels.f_points_hint },
      note,
    ],
  };
}

export function taskBody(task: Task, values: Values): object {
  const { note = "", reached, satisfaction = "", continuity = "", suggestions = "", points = "" } = values;
  if (!asksCustomer(task)) return { note };
  if (reached !== "yes") return { note, answers: { reached: false } };
  return { note, answers: { reached: true, satisfaction, continuity, suggestions, points } };
}

/** What is to be done, mine or everybody's. */
export class Tasks {
  owner: "me" | "all" = "me";
  state: "open" | "done" = "open";
  rows: Task[] = [];
  loaded = false;
  trouble = "";
  private asked = 0;

  constructor(private readonly options: TasksOptions) {}

  show(owner: "me" | "all", state: "open" | "done"): Promise<void> {
    this.forget();
    this.owner = owner;
    this.state = state;
    this.options.changed();
    return this.load();
  }

  forget(): void {
    this.asked += 1;
    this.rows = [];
    this.loaded = false;
    this.trouble = "";
  }

  async load(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    try {
      const rows = await this.options.api.tasks(this.state, this.owner);
      if (mine !== this.asked) return;
      this.rows = rows;
      this.loaded = true;
      this.trouble = "";
    } catch (error) {
      if (mine !== this.asked) return;
      this.trouble = this.options.words(error) ?? "";
    }
    this.options.changed();
  }
}
