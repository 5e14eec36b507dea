import type { DeskApi } from "./api";
import type { CloseForm, Item, Presence, Sending } from "./model";
import type { Talks } from "./talks";
import type { MarkKind } from "./tools/model";

export interface DeedsOptions {
  api: DeskApi;
  talks: Talks;
  /** Does a deed; false when it was refused, which the desk has said by then. */
  attempt(deed: () => Promise<unknown>): Promise<boolean>;
  /** Shows a conversation that has become his. */
  show(id: string): void;
  /** Puts the greeting ready for a customer who has become his, and came for this reason. */
  greet(id: string, reason: string): Promise<void>;
}

/** What an agent does with customers. Each goes with the epoch he has seen, so that nobody acts on what is past. */
export class Deeds {
  constructor(private readonly options: DeedsOptions) {}

  setPresence(status: Presence): Promise<boolean> {
    return this.options.attempt(() => this.options.api.presence(status));
  }

  async claim(item: Item): Promise<void> {
    const { conversation_id: id, epoch } = item;
    const { api, talks, attempt, show, greet } = this.options;
    if (await attempt(() => api.claim(id, epoch))) {
      void greet(id, item.reason?.code ?? "");
      show(id);
    } else if (talks.current === id) void talks.refresh(id);
  }

  decline(item: Item, reason: string): Promise<boolean> {
    return this.options.attempt(() => this.options.api.decline(item.conversation_id, item.epoch, reason));
  }

  send(id: string, text: string, how: Sending = {}): Promise<void> {
    return this.options.talks.send(id, text, how);
  }

  dropVerdict(id: string): void {
    this.options.talks.dropVerdict(id);
  }

  /** Takes a message of his own back. */
  recall(id: string, seq: number): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.recall(id, epoch, seq));
  }

  giveBack(id: string): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.giveBack(id, epoch));
  }

  transfer(id: string, to: string, note: string, anyway: boolean): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.transfer(id, epoch, to, note, anyway));
  }

  /** Takes what a colleague holds; it stands in the lists from then on. */
  takeOver(id: string, reason: string): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.takeOver(id, epoch, reason));
  }

  close(id: string, form: CloseForm): Promise<boolean> {
    return this.act(id, (epoch) => this.options.api.close(id, epoch, form));
  }

  /** Puts a note or a tag on a conversation, or takes a tag off. */
  async mark(id: string, kind: MarkKind, text: string): Promise<boolean> {
    const { api, attempt, talks } = this.options;
    const done = await attempt(() => api.mark(id, kind, text));
    if (done) void talks.refresh(id);
    return done;
  }

  private async act(id: string, deed: (epoch: number) => Promise<void>): Promise<boolean> {
    const { talks } = this.options;
    const talk = talks.get(id);
    if (!talk) return false;
    const done = await this.options.attempt(() => deed(talk.epoch));
    void talks.refresh(id);
    return done;
  }
}
