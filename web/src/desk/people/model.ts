import { asList, asRecord, asText, asTextOrNull, asTexts } from "../../shared/reading";
import { isRecord } from "../../shared/wire";
import type { Option } from "../model";
import { readOptions } from "../read";

export interface Person {
  username: string;
  name: string;
  roles: string[];
  skills: string[];
  limit: number;
  presence: string;
  disabled: boolean;
  locked_until: string | null;
}

export interface Offered {
  roles: string[];
  skills: Option[];
  limit: number;
}

export interface SignIn {
  id: string;
  created_at: string;
  seen_at: string;
  browser: string;
  current: boolean;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

export interface AuditFilter {
  actor: string;
  subject: string;
  action: string;
}

export function readPerson(value: unknown): Person | null {
  const one = asRecord(value);
  const username = asText(one.username);
  if (!username) return null;
  return {
    username,
    name: asText(one.name, username),
    roles: asTexts(one.roles),
    skills: asTexts(one.skills),
    limit: typeof one.limit === "number" ? one.limit : 0,
    presence: asText(one.presence, "offline"),
    disabled: one.disabled === true,
    locked_until: asTextOrNull(one.locked_until),
  };
}

export function readPeople(value: unknown): { people: Person[]; offered: Offered } {
  const all = asRecord(value);
  const offered = asRecord(all.offered);
  return {
    people: asList(all.people, readPerson),
    offered: {
      roles: asTexts(offered.roles),
      skills: readOptions(offered.skills),
      limit: typeof offered.limit === "number" ? offered.limit : 0,
    },
  };
}

export function readSignIns(value: unknown): SignIn[] {
  return asList(asRecord(value).sessions, (one) => {
    if (!isRecord(one) || typeof one.id !== "string") return null;
    return {
      id: one.id,
      created_at: asText(one.created_at),
      seen_at: asText(one.seen_at),
      browser: asText(one.browser),
      current: one.current === true,
    };
  });
}

export function readAudit(value: unknown): { entries: AuditEntry[]; next: number | null } {
  const page = asRecord(value);
  const entries = asList(page.entries, (one) => {
    if (!isRecord(one) || typeof one.id !== "number") return null;
    return {
      id: one.id,
      at: asText(one.at),
      actor: asText(one.actor),
      action: asText(one.action),
      subject: asText(one.subject),
      detail: asRecord(one.detail),
    };
  });
  return { entries, next: typeof page.next === "number" ? page.next : null };
}
