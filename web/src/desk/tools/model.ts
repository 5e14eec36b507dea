import { asTexts } from "../../shared/reading";
import { isRecord } from "../../shared/wire";
import { PRESENCES, type Presence } from "../model";

export const MOMENTS = ["claim", "busy", "end"] as const;
export type Moment = (typeof MOMENTS)[number];

/** A quick reply, its blanks filled in. */
export interface Reply {
  id: string;
  title: string;
  text: string;
  when: Moment[];
  /** Codes of the reasons for which it is the greeting. */
  reasons: string[];
}

export const CHANGES = ["stopped", "new", "changed", "begins", "ends"] as const;

/** Something that changed today in what the bank says. */
export interface News {
  key: string;
  change: (typeof CHANGES)[number];
  kind: string;
  id: string;
  title: string;
  text: string;
  seen: boolean;
}

export function readNews(value: unknown): News[] {
  if (!isRecord(value) || !Array.isArray(value.news)) return [];
  return value.news.flatMap((one): News[] => {
    const change = isRecord(one) && CHANGES.find((known) => known === one.change);
    if (!isRecord(one) || !change || typeof one.key !== "string") return [];
    const word = (name: string) => String(one[name] ?? "");
    return [
      {
        key: one.key,
        change,
        kind: word("kind"),
        id: word("id"),
        title: word("title"),
        text: word("text"),
        seen: one.seen === true,
      },
    ];
  });
}

/** What agents have noted on a conversation, for each other. */
export interface Marks {
  notes: { at: string; by: string; text: string }[];
  tags: string[];
}

export type MarkKind = "note" | "tag" | "untag";

/** Somebody else who is there now. */
export interface Colleague {
  id: string;
  label: string;
  presence: Presence;
}

export function readColleagues(value: unknown): Colleague[] {
  if (!isRecord(value) || !Array.isArray(value.colleagues)) return [];
  return value.colleagues.flatMap((one): Colleague[] => {
    const presence = isRecord(one) && PRESENCES.find((known) => known === one.presence);
    if (!isRecord(one) || !presence || typeof one.id !== "string") return [];
    return [{ id: one.id, label: String(one.label ?? one.id), presence }];
  });
}

export interface Checked {
  verdict: "allow" | "doubt" | "complete" | "refuse";
  reasons: string[];
  completable: boolean;
}

export function readChecked(value: unknown): Checked | null {
  if (!isRecord(value)) return null;
  const verdict = (["allow", "doubt", "complete", "refuse"] as const).find((one) => one === value.verdict);
  if (!verdict) return null;
  const reasons = Array.isArray(value.reasons) ? value.reasons.map(String) : [];
  return { verdict, reasons, completable: value.completable === true };
}

export function readReplies(value: unknown): Reply[] {
  if (!isRecord(value) || !Array.isArray(value.replies)) return [];
  return value.replies.flatMap((one): Reply[] => {
    if (!isRecord(one) || typeof one.text !== "string") return [];
    const when: unknown[] = Array.isArray(one.when) ? one.when : [];
    return [
      {
        id: String(one.id),
        title: String(one.title ?? one.id),
        text: one.text,
        when: MOMENTS.filter((moment) => when.includes(moment)),
        reasons: asTexts(one.reasons),
      },
    ];
  });
}
