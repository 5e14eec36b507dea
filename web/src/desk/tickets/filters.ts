/** What a list of cases shows. Empty means: all. */
export interface Filters {
  state: "open" | "ended" | "all";
  kind: "" | "complaint" | "callback";
  severity: string;
  owner: "" | "me" | "none" | (string & {});
  due: "" | "overdue" | "today" | "week";
  channel: string;
  q: string;
}

export const ALL_OPEN: Filters = {
  state: "open",
  kind: "",
  severity: "",
  owner: "",
  due: "",
  channel: "",
  q: "",
};

const NAMES = Object.keys(ALL_OPEN) as (keyof Filters)[];

/** The filters alone, as the export takes them. */
export function exportQuery(filters: Filters): string {
  const said = new URLSearchParams();
  for (const name of NAMES) {
    const value = filters[name].trim();
    if (value) said.set(name, value);
  }
  return said.toString();
}

export function query(filters: Filters, after: string | null, limit: number): string {
  const said = new URLSearchParams(exportQuery(filters));
  if (after) said.set("after", after);
  said.set("limit", String(limit));
  return said.toString();
}

/** Filters that were put away; what is no filter any more is left out. */
export function readFilters(text: string): Filters {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const known = NAMES.filter((name) => typeof value[name] === "string").map((name) => [name, value[name]]);
    return { ...ALL_OPEN, ...(Object.fromEntries(known) as Partial<Filters>) };
  } catch {
    return ALL_OPEN;
  }
}
