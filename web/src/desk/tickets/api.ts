import { isRecord } from "../../shared/wire";
import type { DeskHttp } from "../http";
import { exportQuery, type Filters, query } from "./filters";
import type { Alert, Brief, Choices, Full, Intake, Opened, Task } from "./model";
import { readAlerts, readBriefs, readChoices, readFull } from "./read";
import { readOpened, readPrefill, readTasks } from "./read-tasks";

export const PAGE = 50;

/** The acts that were there before cases had versions: they name none. */
const WITHOUT_VERSION = new Set(["take", "contact", "done"]);

const of = (number: string) => `tickets/${encodeURIComponent(number)}`;

export function exportAddress(filters: Filters): string {
  return `/api/desk/tickets/export?${exportQuery(filters)}`;
}

export function fileAddress(number: string, id: number): string {
  return `/api/desk/${of(number)}/files/${id}`;
}

/** The complaint cases' side of the wire. */
export class CasesApi {
  constructor(private readonly http: DeskHttp) {}

  async list(filters: Filters, after: string | null): Promise<{ tickets: Brief[]; next: string | null }> {
    return readBriefs(await this.http.get(`tickets?${query(filters, after, PAGE)}`));
  }

  async choices(): Promise<Choices> {
    return readChoices(await this.http.get("tickets/options"));
  }

  async ticket(number: string): Promise<Full> {
    return readFull(await this.http.get(of(number)));
  }

  /** The case after the act, or null where the server did not say. */
  async act(number: string, act: string, version: number, body: object): Promise<Full | null> {
    const whole = WITHOUT_VERSION.has(act) ? body : { version, ...body };
    const answer = await this.http.post(`${of(number)}/${act}`, whole);
    return isRecord(answer) && "version" in answer ? readFull(answer) : null;
  }

  async upload(number: string, file: File): Promise<void> {
    const form = new FormData();
    form.append("file", file, file.name);
    await this.http.upload(`${of(number)}/files`, form);
  }

  async prefill(conversation: string): Promise<Intake> {
    const asked = `tickets/prefill?conversation_id=${encodeURIComponent(conversation)}`;
    return readPrefill(await this.http.get(asked));
  }

  async open(intake: Intake, key: string): Promise<Opened> {
    return readOpened(await this.http.post("tickets", intake, { "Idempotency-Key": key }));
  }

  async tasks(state: "open" | "done", owner: "me" | "all"): Promise<Task[]> {
    return readTasks(await this.http.get(`tasks?state=${state}&owner=${owner}`));
  }

  async takeTask(id: number): Promise<void> {
    await this.http.post(`tasks/${id}/take`, {});
  }

  async taskDone(id: number, body: object): Promise<void> {
    await this.http.post(`tasks/${id}/done`, body);
  }

  async promise(conversation: string, text: string, dueAt: string): Promise<void> {
    await this.http.post("tasks", { conversation_id: conversation, text, due_at: dueAt });
  }

  async alerts(): Promise<Alert[]> {
    return readAlerts(await this.http.get("alerts"));
  }

  async seen(id: number): Promise<void> {
    await this.http.post(`alerts/${id}/seen`, {});
  }
}
