import { fromBox } from "../../shared/times";
import type { Labels } from "../labels.zh";
import { LIMITS, type Spec, type Values } from "./form";

/** What an agent has promised a customer in a conversation, and until when: it becomes a task. */
export function promiseSpec(labels: Labels): Spec {
  return {
    title: labels.promise_title,
    submit: labels.promise_save,
    hint: labels.promise_hint,
    fields: [
      { name: "text", label: labels.f_promise, kind: "text", rows: 3, max: LIMITS.words, required: true },
      { name: "due_at", label: labels.f_due_at, kind: "time", required: true },
    ],
  };
}

export function promiseBody(values: Values): { text: string; due_at: string } {
  return { text: values.text ?? "", due_at: fromBox(values.due_at ?? "") };
}
