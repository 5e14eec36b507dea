import { newsBetween, unreadOf, waitingIn } from "./attention";
import type { Clock } from "./clocks";
import type { DeskView, Item, Offer, User } from "./model";
import { type Talk, wrapping } from "./talk";

export interface ListsOptions {
  /** Who is signed in. */
  user(): User | null;
  /** What this page has read of a conversation. */
  talk(id: string): Talk | null;
  /** Per conversation, the last number that was shown. */
  seen(): ReadonlyMap<string, number>;
  /** It is before his eyes: what arrives there is seen. */
  isRead(id: string): boolean;
}

/** What is new in the lists. */
export interface Change {
  /** How many offers there are that were not there before. */
  offers: number;
  /** Customers of his have written, and there is something unread. */
  messages: boolean;
  /** Fewer wait than before. */
  fewer: boolean;
  /** There is another set of what one must hear of. */
  alerts: boolean;
}

/** The desk's lists as the server sees them, with the clock by which they are read. */
export class Lists {
  view: DeskView | null = null;
  /** Server's clock minus ours, in milliseconds. */
  private offset = 0;

  constructor(private readonly options: ListsOptions) {}

  get now(): number {
    return Date.now() + this.offset;
  }

  get mine(): readonly Item[] {
    return this.view?.mine ?? [];
  }

  item(id: string): Item | Offer | null {
    const { mine = [], offers = [], queue = [] } = this.view ?? {};
    const all = [...mine, ...offers, ...queue];
    return all.find((one) => one.conversation_id === id) ?? null;
  }

  /** As the lists say; a server that does not tell them there tells them of what is open. */
  clocksOf(id: string, item = this.item(id)): readonly Clock[] {
    return item?.clocks ?? this.options.talk(id)?.clocks ?? [];
  }

  /** Only the server's list says what is mine: it sees a lost lease before this page does. */
  isMine(id: string): boolean {
    return this.mine.some((one) => one.conversation_id === id);
  }

  /** Its wrap-up form can be filled in: it is mine, or I have just ended it. */
  canWrapUp(id: string): boolean {
    return this.isMine(id) || wrapping(this.options.talk(id), this.options.user()?.username);
  }

  /** Over a colleague's shoulder: he holds it, and I may look and take over. */
  watches(id: string): boolean {
    const talk = this.options.talk(id);
    const other = talk !== null && talk.holder !== this.options.user()?.username;
    return other && !talk.gone && talk.state === "HUMAN" && !this.isMine(id) && this.may("take_over");
  }

  /** As the server says: `bot/desk/rights.py`. */
  may(right: string): boolean {
    return this.options.user()?.rights.includes(right) ?? false;
  }

  /** The server shows him all of it: he serves the customer, or reads whatever he likes. */
  mayRead(id: string): boolean {
    return this.isMine(id) || this.may("read_any");
  }

  unread(item: Item): number {
    return this.options.isRead(item.conversation_id) ? 0 : unreadOf(item, this.options.seen());
  }

  follow(next: DeskView): Change {
    const former = this.view;
    const { count, latest } = former?.alerts ?? next.alerts ?? {};
    const news = newsBetween(former, next);
    this.offset = Date.parse(next.now) - Date.now() || 0;
    this.view = next;
    return {
      offers: news.offers,
      messages: news.messages > 0 && next.mine.some((one) => this.unread(one) > 0),
      fewer: former !== null && waitingIn(next) < waitingIn(former),
      alerts: next.alerts?.count !== count || next.alerts?.latest !== latest,
    };
  }

  forget(): void {
    this.view = null;
  }
}
