import { isRecord } from "../shared/wire";
import type { MessageBody, Session } from "./api";

/** A message not yet acknowledged by the server, as it is kept over a reload. */
export interface Kept {
  key: string;
  body: MessageBody;
  /** What the customer sees of it: the text, or the choice's label. */
  shown: string;
  at: number;
}

type TabName = "open" | "draft" | "customer";
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Stands in where the browser forbids storage: the chat works, it only does not survive a reload. */
export class PageStore implements Store {
  private readonly entries = new Map<string, string>();
  get length(): number {
    return this.entries.size;
  }
  key(index: number): string | null {
    return [...this.entries.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.entries.set(key, value);
  }
  removeItem(key: string): void {
    this.entries.delete(key);
  }
}

/** The browser's store of that name, or a stand-in where reading or writing it is refused. */
export function browserStore(name: "localStorage" | "sessionStorage"): Store {
  try {
    const store = window[name];
    const probe = "qiantai:probe";
    store.setItem(probe, "1");
    store.removeItem(probe);
    return store;
  } catch {
    return new PageStore();
  }
}

/**
 * What the widget keeps in the browser, under keys that name the server, so two banks on one origin never mix.
 * Each unsent message has a key of its own: two tabs can then add and remove without overwriting each other.
 */
export class Memory {
  private readonly prefix: string;

  constructor(
    server: string,
    private readonly local: Store = browserStore("localStorage"),
    private readonly session: Store = browserStore("sessionStorage"),
  ) {
    this.prefix = `qiantai:${server}:`;
  }

  get sessionKey(): string {
    return `${this.prefix}session`;
  }

  conversation(): Session | null {
    const value = this.json(this.local, "session");
    if (!isRecord(value)) return null;
    const { conversation_id, token } = value;
    return typeof conversation_id === "string" && typeof token === "string"
      ? { conversation_id, token }
      : null;
  }

  keepConversation(session: Session): void {
    this.write(this.local, "session", JSON.stringify(session));
  }

  forgetConversation(): void {
    this.local.removeItem(this.sessionKey);
  }

  /** The last number that the customer has seen of this conversation. */
  seen(conversation: string): number {
    const value = this.json(this.local, "seen");
    return isRecord(value) && value.conversation === conversation && typeof value.seq === "number"
      ? value.seq
      : 0;
  }

  keepSeen(conversation: string, seq: number): void {
    this.write(this.local, "seen", JSON.stringify({ conversation, seq }));
  }

  unsent(): Kept[] {
    const kept: Kept[] = [];
    const start = `${this.prefix}unsent:`;
    for (let index = 0; index < this.local.length; index += 1) {
      const name = this.local.key(index);
      if (!name?.startsWith(start)) continue;
      const value = this.json(this.local, name.slice(this.prefix.length));
      if (isRecord(value) && typeof value.key === "string" && isRecord(value.body)) {
        kept.push(value as unknown as Kept);
      }
    }
    return kept.sort((a, b) => a.at - b.at);
  }

  keepUnsent(item: Kept): void {
    this.write(this.local, `unsent:${item.key}`, JSON.stringify(item));
  }

  forgetUnsent(key: string): void {
    this.local.removeItem(`${this.prefix}unsent:${key}`);
  }

  flag(name: "large" | "privacy"): boolean {
    return this.local.getItem(this.prefix + name) === "1";
  }

  setFlag(name: "large" | "privacy", on: boolean): void {
    this.write(this.local, name, on ? "1" : "0");
  }

  /** Of this tab only: whether the panel stands open, what is being written, and the bank's link not yet told. */
  tab(name: TabName): string {
    return this.session.getItem(this.prefix + name) ?? "";
  }

  setTab(name: TabName, value: string): void {
    if (value) this.write(this.session, name, value);
    else this.session.removeItem(this.prefix + name);
  }

  private write(store: Store, name: string, value: string): void {
    try {
      store.setItem(this.prefix + name, value);
    } catch {
      // A full store costs only survival over a reload; the open page still has everything.
    }
  }

  private json(store: Store, name: string): unknown {
    try {
      return JSON.parse(store.getItem(this.prefix + name) ?? "null");
    } catch {
      return null;
    }
  }
}
