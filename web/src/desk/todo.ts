import type { DeskApi } from "./api";
import type { Ticket } from "./model";
import type { Part } from "./part";

export interface TodoOptions {
  api: DeskApi;
  /** Does a deed; false when it was refused, which the desk has said by then. */
  attempt(deed: () => Promise<unknown>): Promise<boolean>;
  onSignedOut(): void;
  isSignedOut(error: unknown): boolean;
  changed(): void;
}

export interface Shown {
  /** Null: the customer is reached in the chat only. */
  contact: string | null;
  until: number;
}

export const POLL_MS = 30_000;
export const SHOW_MS = 60_000;

/** Callbacks and complaints that are to be done. A number that was read is forgotten after a minute. */
export class Todo implements Part {
  list: Ticket[] = [];
  /** The list could not be brought up to date: what is shown may be old. */
  stale = false;
  /** The callback whose result is being written down. */
  noting: string | null = null;

  private readonly contacts = new Map<string, Shown>();
  private readonly hiding = new Map<string, ReturnType<typeof setTimeout>>();
  private timer: ReturnType<typeof setInterval> | null = null;
  private asked = 0;

  constructor(private readonly options: TodoOptions) {}

  start(): void {
    this.stop();
    this.timer = setInterval(() => void this.load(), POLL_MS);
    void this.load();
  }

  /** Signed out: nothing of the customers' stays in the page. */
  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.asked += 1; // An answer that is under way comes too late.
    this.list = [];
    this.stale = false;
    this.noting = null;
    for (const number of [...this.contacts.keys()]) this.hide(number);
  }

  go(): void {}

  hurry(): void {
    if (this.timer !== null) void this.load();
  }

  shown(number: string): Shown | null {
    return this.contacts.get(number) ?? null;
  }

  async load(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    try {
      const list = await this.options.api.tickets();
      if (mine !== this.asked) return;
      this.list = list;
      this.stale = false;
    } catch (error) {
      if (mine !== this.asked) return;
      if (this.options.isSignedOut(error)) return this.options.onSignedOut();
      this.stale = true;
    }
    this.options.changed();
  }

  take(number: string): Promise<void> {
    return this.deed(() => this.options.api.takeTicket(number));
  }

  async reveal(number: string): Promise<void> {
    await this.options.attempt(async () => {
      const contact = await this.options.api.ticketContact(number);
      if (this.timer === null) return; // Signed out meanwhile.
      this.hide(number);
      this.contacts.set(number, { contact, until: Date.now() + SHOW_MS });
      this.hiding.set(
        number,
        setTimeout(() => this.hide(number), SHOW_MS),
      );
    });
  }

  hide(number: string): void {
    clearTimeout(this.hiding.get(number));
    this.hiding.delete(number);
    this.contacts.delete(number);
    this.options.changed();
  }

  note(number: string | null): void {
    this.noting = number;
    this.options.changed();
  }

  /** The callback is done. What was written stays on the page until the server has it. */
  async done(number: string, note: string): Promise<void> {
    await this.deed(async () => {
      await this.options.api.ticketDone(number, note);
      this.noting = null;
      this.hide(number);
    });
  }

  private async deed(work: () => Promise<void>): Promise<void> {
    await this.options.attempt(work);
    if (this.timer !== null) await this.load(); // Refused or not: things are not as they were shown.
  }
}
