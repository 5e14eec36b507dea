import { uuid } from "../shared/ids";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

interface Draft {
  text: string;
  /** Key of a sending whose outcome is unknown, and the text it belongs to: the same text goes with the same key. */
  pending?: { key: string; text: string };
}

/** What an agent is writing, per conversation and agent; it survives a reload and a lost connection. */
export class Drafts {
  constructor(
    private readonly store: Store,
    private readonly owner: string,
  ) {}

  text(id: string): string {
    return this.read(id).text;
  }

  write(id: string, text: string): void {
    this.save(id, { ...this.read(id), text });
  }

  /** The key to send this text under. A text sent before without an answer keeps its key: it cannot arrive twice. */
  keyFor(id: string, text: string): string {
    const draft = this.read(id);
    if (draft.pending?.text === text) return draft.pending.key;
    const key = uuid();
    this.save(id, { ...draft, pending: { key, text } });
    return key;
  }

  /** The server has answered for this text, whatever it said: the next sending is a new one. */
  answered(id: string): void {
    const { text } = this.read(id);
    this.save(id, { text });
  }

  private name(id: string): string {
    return `qiantai-desk:${this.owner}:${id}`;
  }

  private read(id: string): Draft {
    try {
      const value = JSON.parse(this.store.getItem(this.name(id)) ?? "null") as Draft | null;
      return value && typeof value.text === "string" ? value : { text: "" };
    } catch {
      return { text: "" };
    }
  }

  private save(id: string, draft: Draft): void {
    if (!draft.text && !draft.pending) this.store.removeItem(this.name(id));
    else this.store.setItem(this.name(id), JSON.stringify(draft));
  }
}
