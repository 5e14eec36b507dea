import { isRecord } from "./wire";

/** Readers of what a server sent: a missing or strange value becomes an empty one, never an exception. */
export function asText(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}

export function asTextOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function asNumber(value: unknown, otherwise = 0): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

/** What `read` makes of each, without those of which it makes nothing. */
export function asList<T>(value: unknown, read: (one: unknown) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.map(read).filter((one): one is T => one !== null);
}

export function asTexts(value: unknown): string[] {
  return asList(value, asTextOrNull);
}

export function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
