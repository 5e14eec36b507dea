import type { DeskView, Item } from "./model";

/** What changed between two views of the desk that an agent must hear of. */
export interface News {
  offers: number;
  messages: number;
}

export function newsBetween(former: DeskView | null, next: DeskView): News {
  if (!former) return { offers: next.offers.length, messages: 0 };
  const known = new Set(former.offers.map((one) => `${one.conversation_id}:${one.epoch}`));
  const before = new Map(former.mine.map((one) => [one.conversation_id, one.last_seq]));
  return {
    offers: next.offers.filter((one) => !known.has(`${one.conversation_id}:${one.epoch}`)).length,
    messages: next.mine.filter((one) => {
      const seq = before.get(one.conversation_id);
      return seq !== undefined && one.last_seq > seq;
    }).length,
  };
}

/** Unread messages of a conversation: what the server counts, but none up to where this page has shown it. */
export function unreadOf(item: Item, seen: ReadonlyMap<string, number>): number {
  const shown = seen.get(item.conversation_id);
  if (shown === undefined) return item.unread ?? 0;
  return Math.max(0, Math.min(item.unread ?? 0, item.last_seq - shown));
}

/** The tab's title: offers first, then unread messages. */
export function deskTitle(base: string, offers: number, unread: number, offerWord: string): string {
  if (offers > 0) return `【${offerWord}】${base}`;
  return unread > 0 ? `(${unread}) ${base}` : base;
}

/** Two soft tones for an offer, one for a message; made here, so there is no sound file to fetch. */
export class Bell {
  private context: AudioContext | null = null;
  muted = false;

  /** Browsers let a page make sounds only after a click: called from one. */
  unlock(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  ring(kind: "offer" | "message"): void {
    const { context } = this;
    if (this.muted || context?.state !== "running") return;
    const tones = kind === "offer" ? [660, 880] : [560];
    tones.forEach((hertz, index) => {
      const start = context.currentTime + index * 0.18;
      const tone = context.createOscillator();
      const loudness = context.createGain();
      tone.frequency.value = hertz;
      loudness.gain.setValueAtTime(0, start);
      loudness.gain.linearRampToValueAtTime(0.2, start + 0.02);
      loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
      tone.connect(loudness).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.32);
    });
  }
}
