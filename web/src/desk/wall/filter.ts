import type { Mood, Option } from "../model";

/** Which entries of a day stand behind a figure. */
export interface Filter {
  day: string;
  hour?: number;
  reason?: Option;
  mood?: Mood;
  agent?: Option;
  breached?: true;
}

export type Narrowing = Exclude<keyof Filter, "day">;

/** In the order in which they are named. */
const NARROWINGS: readonly Narrowing[] = ["hour", "reason", "mood", "agent", "breached"];

export function narrowings(filter: Filter): Narrowing[] {
  return NARROWINGS.filter((name) => filter[name] !== undefined);
}

export function without(filter: Filter, name: Narrowing): Filter {
  const { [name]: _gone, ...rest } = filter;
  return rest as Filter;
}
