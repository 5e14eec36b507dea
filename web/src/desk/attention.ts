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

/** Customers whom nobody talks with yet. */
export function waitingIn(view: DeskView): number {
  return view.queue.length + view.offers.length;
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

/** Who looks at another tab sees a title that changes: every other second it is the plain one. */
export function flashing(title: string, base: string, hidden: boolean, now: number): string {
  return hidden && Math.floor(now / 1000) % 2 === 1 ? base : title;
}

export type Sound = "offer" | "message" | "breach";

/** In hertz. Two soft tones rise for an offer, two fall when a clock is over, one says a message. */
const TONES: Record<Sound, readonly number[]> = { offer: [660, 880], message: [560], breach: [520, 390] };

/** What became of a sound that somebody wanted to hear. */
export type Heard = "sounded" | "muted" | "blocked";

/** A browser that forbids the sound leaves the question open: so long an answer is waited for. */
const ANSWER_MS = 1_000;

/** The desk's sounds; made here, so there is no sound file to fetch. */
export class Bell {
  private context: AudioContext | null = null;
  muted = false;

  /** `changed` is called when the browser begins to let the page sound, or ceases to. */
  constructor(private readonly changed: () => void) {}

  /** The browser lets the page sound. */
  get awake(): boolean {
    return this.context?.state === "running";
  }

  /** Browsers let a page make sounds only after a click or a key: called from one. */
  async unlock(): Promise<void> {
    if (!this.context) {
      this.context = new AudioContext();
      this.context.onstatechange = this.changed;
    }
    const answer = new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    await Promise.race([this.context.resume(), answer]);
  }

  /** Lets somebody hear what an offer sounds like, and says whether it was to be heard. */
  async test(): Promise<Heard> {
    await this.unlock();
    this.ring("offer");
    return this.muted ? "muted" : this.awake ? "sounded" : "blocked";
  }

  ring(kind: Sound): void {
    const { context } = this;
    if (this.muted || context?.state !== "running") return;
    TONES[kind].forEach((hertz, index) => {
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
