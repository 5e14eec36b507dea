import { fill } from "../shared/fill";
import { type Clock, TONES, type Tone, toneOf } from "./clocks";
import type { Labels } from "./labels.zh";
import type { Lists } from "./lists";
import type { Item, Offer } from "./model";
import type { Part } from "./part";
import { everySecond } from "./ticking";

export interface WatchOptions {
  lists: Pick<Lists, "mine" | "clocksOf" | "now">;
  labels(): Labels;
  ring(): void;
  changed(): void;
}

/** Says once when one of my clocks comes close or is over, and rings when it is over. */
export class ClockWatch implements Part {
  /** What screen readers are told. */
  announcement = "";
  /** How each clock stood when it was last looked at. One met for the first time is on the page, but no news. */
  private readonly told = new Map<string, Tone>();
  /** How long each offer stood when it was first seen, in milliseconds. */
  private readonly spans = new Map<string, number>();
  private halt: (() => void) | null = null;

  constructor(private readonly options: WatchOptions) {}

  start(): void {
    this.halt ??= everySecond(() => this.look());
  }

  stop(): void {
    this.halt?.();
    this.halt = null;
    this.told.clear();
    this.spans.clear();
    this.announcement = "";
  }

  go(): void {}

  hurry(): void {
    this.look();
  }

  look(): void {
    const { labels, ring, changed } = this.options;
    const news = this.news();
    if (news.length === 0) return;
    if (news.some(({ tone }) => tone === "late")) ring();
    const words = news.map(({ item, clock, tone }) =>
      fill(tone === "late" ? labels().clock_over : labels().clock_close, {
        who: item.topic || item.reason?.text || labels().customer,
        what: clock.label,
      }),
    );
    this.announcement = words.join(labels().clock_and);
    changed();
  }

  /** What is left of an offer, in milliseconds, and what was left when this page first saw it. */
  left(offer: Offer): { left: number; span: number } | null {
    if (!offer.expires_at) return null;
    const left = Math.max(0, Date.parse(offer.expires_at) - this.options.lists.now);
    const key = `${offer.conversation_id}:${offer.epoch}`;
    const span = Math.max(left, this.spans.get(key) ?? 0);
    this.spans.set(key, span);
    return { left, span };
  }

  private news(): { item: Item; clock: Clock; tone: Tone }[] {
    const { lists } = this.options;
    const gone = new Set(this.told.keys());
    const found = [];
    for (const item of lists.mine) {
      for (const clock of lists.clocksOf(item.conversation_id, item)) {
        const key = `${item.conversation_id}:${clock.name}:${clock.due_at}`;
        const tone = toneOf(clock, lists.now);
        const before = this.told.get(key) ?? tone;
        gone.delete(key);
        this.told.set(key, tone);
        if (TONES.indexOf(tone) > TONES.indexOf(before)) found.push({ item, clock, tone });
      }
    }
    for (const key of gone) this.told.delete(key);
    return found;
  }
}
