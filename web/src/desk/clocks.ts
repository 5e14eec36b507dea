import { isRecord } from "../shared/wire";

/** One of the times within which something must have been done for a customer. Only the server knows how long it is. */
export interface Clock {
  name: string;
  label: string;
  due_at: string;
  /** From when it is close; null from a server that does not say. */
  near_at: string | null;
  breached: boolean;
}

/** Null where the server says nothing of clocks, so that what it said elsewhere holds. */
export function readClocks(value: unknown): Clock[] | null {
  if (!Array.isArray(value)) return null;
  return value.flatMap((one): Clock[] => {
    if (!isRecord(one) || typeof one.name !== "string" || typeof one.due_at !== "string") return [];
    if (Number.isNaN(Date.parse(one.due_at))) return [];
    return [
      {
        name: one.name,
        label: typeof one.label === "string" ? one.label : one.name,
        due_at: one.due_at,
        near_at: typeof one.near_at === "string" ? one.near_at : null,
        breached: one.breached === true,
      },
    ];
  });
}

export const TONES = ["calm", "near", "late"] as const;
export type Tone = (typeof TONES)[number];

export function toneOf(clock: Clock, now: number): Tone {
  if (clock.breached || now >= Date.parse(clock.due_at)) return "late";
  return clock.near_at !== null && now >= Date.parse(clock.near_at) ? "near" : "calm";
}

/** The gravest of them. */
export function worst(tones: readonly Tone[]): Tone {
  return TONES[Math.max(0, ...tones.map((one) => TONES.indexOf(one)))] ?? "calm";
}

/** The one that ends next, or has ended first. */
export function nextOf(clocks: readonly Clock[]): Clock | null {
  const due = (one: Clock) => Date.parse(one.due_at);
  return clocks.reduce<Clock | null>((best, one) => (best && due(best) <= due(one) ? best : one), null);
}
