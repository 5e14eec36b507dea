import type { Labels } from "./labels.zh";

/** What shortcuts do; false where there is nothing to be done, so that the key keeps its own meaning. */
export interface Commands {
  /** The customer offered to me; without an offer, the one who waits and is open. */
  accept(): boolean;
  decline(): boolean;
  nextUnread(): boolean;
  reply(): boolean;
  send(): boolean;
  /** The version that the guard completed. */
  sendCompleted(): boolean;
  search(): boolean;
  ticket(): boolean;
  transfer(): boolean;
  wrapUp(): boolean;
  /** My nth conversation, counted from 0. */
  openMine(n: number): boolean;
  /** The nth part of the console, counted from 0. */
  openEntry(n: number): boolean;
  help(): boolean;
}

export interface Shortcut {
  /** As `aria-keyshortcuts` writes it, one or several; `Digit` is each of 1 to 9, and ⌘ does for Control. */
  keys: string;
  /** What it does, in words. */
  label: keyof Labels;
  /** Works only where the keyboard is in this element. */
  within?: string;
  run(commands: Commands, n: number): boolean;
}

/** Every shortcut of the console: what is handled, what a button says of its own, and the help sheet come from here. */
export const SHORTCUTS = {
  accept: { keys: "Alt+A", label: "key_accept", run: (commands) => commands.accept() },
  decline: { keys: "Alt+D", label: "key_decline", run: (commands) => commands.decline() },
  unread: { keys: "Alt+N", label: "key_unread", run: (commands) => commands.nextUnread() },
  mine: { keys: "Alt+Digit", label: "key_mine", run: (commands, n) => commands.openMine(n) },
  reply: { keys: "Alt+R", label: "key_reply", run: (commands) => commands.reply() },
  send: { keys: "Control+Enter", label: "key_send", within: "#reply", run: (commands) => commands.send() },
  completed: { keys: "Alt+Enter", label: "key_completed", run: (commands) => commands.sendCompleted() },
  search: { keys: "Alt+S", label: "key_search", run: (commands) => commands.search() },
  ticket: { keys: "Alt+C", label: "key_ticket", run: (commands) => commands.ticket() },
  transfer: { keys: "Alt+T", label: "key_transfer", run: (commands) => commands.transfer() },
  wrapUp: { keys: "Alt+W", label: "key_wrap_up", run: (commands) => commands.wrapUp() },
  entry: { keys: "Alt+Shift+Digit", label: "key_entry", run: (commands, n) => commands.openEntry(n) },
  help: { keys: "? Alt+H", label: "key_help", run: (commands) => commands.help() },
} as const satisfies Record<string, Shortcut>;

/** How the nth of those that share a shortcut is reached: Alt+1 for 0. */
export function nthKeys({ keys }: Shortcut, n: number): string {
  return keys.replace("Digit", String(n + 1));
}

/** Does what the pressed keys mean. Whoever is composing a word in Chinese is left alone. */
export function pressed(
  event: KeyboardEvent,
  commands: Commands,
  shortcuts: readonly Shortcut[] = Object.values(SHORTCUTS),
): void {
  if (event.isComposing || event.keyCode === COMPOSING) return;
  const found = shortcuts.find((one) => fits(one, event));
  const n = Number(event.code.slice("Digit".length)) - 1;
  if (found?.run(commands, n)) event.preventDefault();
}

/** What a key has for its code while an input method takes it; not every browser says so in `isComposing`. */
const COMPOSING = 229;

function fits({ keys, within }: Shortcut, event: KeyboardEvent): boolean {
  const at = event.target instanceof Element ? event.target : null;
  if (within && !at?.closest(within)) return false;
  return keys.split(" ").some((one) => (one.includes("+") ? chord(one, event) : bare(one, event, at)));
}

/** By its place on the keyboard: with Shift or Alt, digits and letters yield other characters. */
function chord(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
  const place =
    key === "Digit"
      ? /^Digit[1-9]$/.test(event.code)
      : key.length === 1
        ? event.code === `Key${key}`
        : event.key === key;
  return (
    place &&
    parts.includes("Control") === (event.ctrlKey || event.metaKey) &&
    parts.includes("Alt") === event.altKey &&
    parts.includes("Shift") === event.shiftKey
  );
}

/** A character alone is a shortcut only where it cannot be typed. */
function bare(key: string, event: KeyboardEvent, at: Element | null): boolean {
  const typed = at?.closest(
    'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]',
  );
  return event.key === key && !typed && !event.ctrlKey && !event.altKey && !event.metaKey;
}
