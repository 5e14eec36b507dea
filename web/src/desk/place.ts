interface EntryLine {
  view: string;
  /** The first word of its address. */
  path: string;
  /**
   * The right that it needs, of those that the server's table (bot/desk/rights.py) gives; without, everybody sees it.
   * The server decides once more whatever is asked of it.
   */
  right?: string;
}

/**
 * The entries of the main navigation, in their order. A further part of the console is a line here, a line in
 * `views-place.ts`, and its name in the labels, `nav_VIEW`.
 */
export const ENTRIES = [
  { view: "talks", path: "talks" },
  { view: "list", path: "tickets" },
  { view: "board", path: "board" },
  { view: "tasks", path: "tasks" },
  { view: "wall", path: "wall", right: "wall" },
  { view: "people", path: "people" },
  { view: "audit", path: "audit", right: "audit" },
] as const satisfies readonly EntryLine[];

export type Entry = (typeof ENTRIES)[number]["view"];

/** Where in the console somebody is. It stands in the address, so a reload, "back" and a link come to it. */
export type Place =
  | { view: "talks"; conversation: string | null }
  | { view: Exclude<Entry, "talks"> }
  | { view: "ticket"; number: string }
  | { view: "new"; conversation: string | null };

/** Today's desk, with no conversation open. */
export const TODAY: Place = { view: "talks", conversation: null };

/** The entries that somebody with these rights sees. */
export function entriesFor<T extends EntryLine>(entries: readonly T[], rights: readonly string[]): T[] {
  return entries.filter((one) => one.right === undefined || rights.includes(one.right));
}

export function address(place: Place): string {
  if (place.view === "ticket") return `#/tickets/${encodeURIComponent(place.number)}`;
  if (place.view === "new") {
    return place.conversation
      ? `#/tickets/new?conversation=${encodeURIComponent(place.conversation)}`
      : "#/tickets/new";
  }
  const path = `#/${ENTRIES.find((one) => one.view === place.view)?.path}`;
  return place.view === "talks" && place.conversation
    ? `${path}/${encodeURIComponent(place.conversation)}`
    : path;
}

/** The place of an address; what names none is today's desk. */
export function placeOf(hash: string): Place {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  const [first, second = ""] = path.split("/");
  const view = ENTRIES.find((one) => one.path === first)?.view ?? "talks";
  const name = decoded(second);
  if (view === "talks") return { view, conversation: first === "talks" ? name : null };
  if (view !== "list" || !name) return { view };
  return name === "new"
    ? { view: "new", conversation: new URLSearchParams(search).get("conversation") }
    : { view: "ticket", number: name };
}

/** The entry under which a place stands. */
export function entryOf(place: Place): Entry {
  return place.view === "ticket" || place.view === "new" ? "list" : place.view;
}

function decoded(word: string): string | null {
  try {
    return decodeURIComponent(word) || null;
  } catch {
    return null;
  }
}
