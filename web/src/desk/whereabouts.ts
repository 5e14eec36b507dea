import { address, ENTRIES, type Entry, entriesFor, entryOf, type Place, placeOf, TODAY } from "./place";

export interface WhereaboutsOptions {
  /** Who is signed in; null before the sign-in. */
  user(): { rights: readonly string[] } | null;
  /** The conversation that is open on today's desk. */
  conversation(): string | null;
  /** Leads the browser to an address of the console; without it, only the page follows. */
  navigate?: ((address: string) => void) | undefined;
  moved(place: Place): void;
}

/** Where in the console somebody is, and may go. The browser's address leads, the page follows. */
export class Whereabouts {
  place: Place = TODAY;

  constructor(private readonly options: WhereaboutsOptions) {}

  /** The conversations are on the screen: what arrives is seen. */
  get onScreen(): boolean {
    return !document.hidden && this.place.view === "talks";
  }

  /** The entries of the main navigation that are for him. */
  get entries() {
    return entriesFor<(typeof ENTRIES)[number]>(ENTRIES, this.options.user()?.rights ?? []);
  }

  /** Where an entry leads: to the conversation that was open, where it is the conversations'. */
  at(view: Entry): Place {
    return view === "talks" ? { view, conversation: this.options.conversation() } : { view };
  }

  open(place: Place): void {
    (this.options.navigate ?? this.follow)(address(place));
  }

  /** The address has changed. */
  readonly follow = (hash: string): void => {
    this.place = placeOf(hash);
    this.admit();
    this.options.moved(this.place);
  };

  /** What is not for him is today's desk. Before the sign-in nobody knows. */
  admit(): void {
    const entry = entryOf(this.place);
    if (this.options.user() && !this.entries.some((one) => one.view === entry)) this.place = TODAY;
  }
}
