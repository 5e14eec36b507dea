import type { Part } from "../part";
import type { Place } from "../place";
import type { Account, PeopleApi } from "./api";
import type { AuditEntry, AuditFilter, Offered, Person, SignIn } from "./model";

export interface PeopleOptions {
  api: PeopleApi;
  /** What who is signed in may do: `bot/desk/rights.py`. */
  rights(): readonly string[];
  words(error: unknown): string;
  isSignedOut(error: unknown): boolean;
  onSignedOut(): void;
  changed(): void;
}

export const NO_FILTER: AuditFilter = { actor: "", subject: "", action: "" };

/** Accounts, one's own and the others', and the audit log. */
export class People implements Part {
  people: Person[] = [];
  offered: Offered = { roles: [], skills: [], limit: 0 };
  own: SignIn[] = [];
  /** Whose account is open, and where he is signed in. */
  opened: string | null = null;
  sessions: SignIn[] = [];
  entries: AuditEntry[] = [];
  next: number | null = null;
  filter: AuditFilter = NO_FILTER;
  busy = false;
  /** The audit log has been read as it was asked for: without entries, there are none. */
  loaded = false;
  /** Which form was refused, and why; or what was done. */
  trouble: { form: string; words: string } | null = null;
  done = "";
  private shown: Place["view"] | null = null;
  private asked = 0;

  constructor(private readonly options: PeopleOptions) {}

  may(right: string): boolean {
    return this.options.rights().includes(right);
  }

  start(): void {
    void this.load();
  }

  stop(): void {
    this.asked += 1;
    this.people = [];
    this.own = [];
    this.sessions = [];
    this.entries = [];
    this.opened = null;
    this.next = null;
    this.filter = NO_FILTER;
    this.loaded = false;
    this.trouble = null;
    this.done = "";
  }

  go(place: Place): void {
    const came = place.view !== this.shown;
    this.shown = place.view;
    if (!came) return;
    this.trouble = null;
    this.done = "";
    void this.load();
  }

  hurry(): void {
    if (this.shown === "people") void this.load();
  }

  /** What the place shows that is open, once more. A late answer to an older question is dropped. */
  async load(): Promise<void> {
    if (this.shown === "audit" && this.may("audit")) return this.look(NO_FILTER);
    if (this.shown !== "people" || this.options.rights().length === 0) return;
    this.asked += 1;
    const mine = this.asked;
    const { api } = this.options;
    await this.tried("list", async () => {
      const own = await api.sessions();
      const all = this.may("skills") ? await api.list() : null;
      const his = this.opened && this.may("people") ? await api.sessions(this.opened) : [];
      if (mine !== this.asked) return;
      this.own = own;
      this.sessions = his;
      if (all) [this.people, this.offered] = [all.people, all.offered];
    });
  }

  open(username: string | null): void {
    this.opened = username;
    this.sessions = [];
    this.trouble = null;
    this.done = "";
    void this.load();
  }

  /** True when it was done; else `trouble` says why not, beside the form of that name. */
  async act(form: string, deed: (api: PeopleApi) => Promise<unknown>, done = ""): Promise<boolean> {
    this.done = "";
    if (!(await this.tried(form, () => deed(this.options.api)))) return false;
    await this.load();
    this.done = done;
    this.options.changed();
    return true;
  }

  /** The new account is opened by the reading that follows every act. */
  make(account: Account, done: string): Promise<boolean> {
    const making = async (api: PeopleApi) => {
      await api.make(account);
      this.opened = account.username;
      this.sessions = [];
    };
    return this.act("make", making, done);
  }

  look(filter: AuditFilter): Promise<void> {
    this.filter = filter;
    this.loaded = false;
    return this.read(null);
  }

  more(): Promise<void> {
    return this.next === null || this.busy ? Promise.resolve() : this.read(this.next);
  }

  private async read(after: number | null): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    await this.tried("audit", async () => {
      const page = await this.options.api.audit(this.filter, after);
      if (mine !== this.asked) return;
      this.entries = after === null ? page.entries : [...this.entries, ...page.entries];
      this.next = page.next;
      this.loaded = true;
    });
  }

  private async tried(form: string, deed: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.trouble = null;
    this.options.changed();
    try {
      await deed();
      return true;
    } catch (error) {
      if (this.options.isSignedOut(error)) this.options.onSignedOut();
      else this.trouble = { form, words: this.options.words(error) };
      return false;
    } finally {
      this.busy = false;
      this.options.changed();
    }
  }
}
