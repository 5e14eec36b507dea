import type { DeskHttp } from "../http";
import {
  type AuditEntry,
  type AuditFilter,
  type Offered,
  type Person,
  readAudit,
  readPeople,
  readSignIns,
  type SignIn,
} from "./model";

const PAGE = 50;
const of = (username: string) => `people/${encodeURIComponent(username)}`;

export interface Account {
  username: string;
  name: string;
  password: string;
  roles: string[];
}

/** Accounts, sessions and the audit log: their side of the wire. */
export class PeopleApi {
  constructor(private readonly http: DeskHttp) {}

  async list(): Promise<{ people: Person[]; offered: Offered }> {
    return readPeople(await this.http.get("people"));
  }

  make(account: Account): Promise<unknown> {
    return this.http.post("people", account);
  }

  change(username: string, values: Partial<Person>): Promise<unknown> {
    return this.http.patch(of(username), values);
  }

  act(username: string, act: "disable" | "enable" | "unlock"): Promise<unknown> {
    return this.http.post(`${of(username)}/${act}`, {});
  }

  password(username: string, password: string): Promise<unknown> {
    return this.http.post(`${of(username)}/password`, { password });
  }

  /** Without a name: one's own. */
  async sessions(username?: string): Promise<SignIn[]> {
    return readSignIns(await this.http.get(username ? `${of(username)}/sessions` : "sessions"));
  }

  end(id: string, username?: string): Promise<unknown> {
    const path = username ? `${of(username)}/sessions` : "sessions";
    return this.http.remove(`${path}/${encodeURIComponent(id)}`);
  }

  ownPassword(old: string, password: string): Promise<unknown> {
    return this.http.post("session/password", { old, password });
  }

  async audit(
    filter: AuditFilter,
    after: number | null,
  ): Promise<{ entries: AuditEntry[]; next: number | null }> {
    const asked = new URLSearchParams({ limit: String(PAGE) });
    for (const [name, value] of Object.entries(filter)) if (value) asked.set(name, value);
    if (after !== null) asked.set("after", String(after));
    return readAudit(await this.http.get(`audit?${asked}`));
  }
}
