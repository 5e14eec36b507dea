import type { PeopleApi } from "../people/api";
import type { Offered, Person } from "../people/model";
import type { Asking } from "./refresh";

export interface CrewOptions extends Asking {
  people: PeopleApi;
  /** What somebody takes is another now. */
  saved(): void;
}

/** The agent whose skills and limit are being changed. */
export class Crew {
  /** Whose form is open. */
  opened: string | null = null;
  /** Null until his account has come. */
  person: Person | null = null;
  offered: Pick<Offered, "skills" | "limit"> = { skills: [], limit: 0 };
  busy = false;
  done = false;
  trouble = "";
  private asked = 0;

  constructor(private readonly options: CrewOptions) {}

  open(username: string): Promise<void> {
    this.shut();
    this.opened = username;
    return this.tried(() => this.read());
  }

  shut(): void {
    this.asked += 1;
    this.opened = null;
    this.person = null;
    this.busy = false;
    this.done = false;
    this.trouble = "";
    this.options.changed();
  }

  async save(values: Partial<Person>): Promise<boolean> {
    const { opened, options } = this;
    if (!opened) return false;
    const mine = this.asked;
    this.done = false;
    await this.tried(async () => {
      await options.people.change(opened, values);
      options.saved();
      await this.read();
      this.done = mine === this.asked;
    });
    return this.done;
  }

  private async read(): Promise<void> {
    const mine = this.asked;
    const { people, offered } = await this.options.people.list();
    if (mine !== this.asked) return;
    this.person = people.find((one) => one.username === this.opened) ?? null;
    this.offered = offered;
  }

  /** What comes after the form was shut, or another's opened, is dropped. */
  private async tried(deed: () => Promise<void>): Promise<void> {
    const mine = this.asked;
    this.busy = true;
    this.trouble = "";
    this.options.changed();
    try {
      await deed();
    } catch (error) {
      if (this.options.isSignedOut(error)) return this.options.onSignedOut();
      if (mine === this.asked) this.trouble = this.options.words(error);
    }
    if (mine === this.asked) this.busy = false;
    this.options.changed();
  }
}
