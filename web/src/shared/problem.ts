import { isRecord } from "./wire";

/** An answer that was not a success: RFC 9457 problem details, with whatever else the server added. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly body: Record<string, unknown>,
    readonly retryAfterHeader: string | null,
  ) {
    super(detail || `HTTP ${status}`);
  }

  /** Of this type, whatever address stands before its name. */
  says(type: string): boolean {
    return typeof this.body.type === "string" && this.body.type.endsWith(type);
  }

  static async from(response: Response): Promise<Problem> {
    const text = await response.text().catch(() => "");
    let body: Record<string, unknown> = {};
    try {
      const parsed: unknown = JSON.parse(text);
      if (isRecord(parsed)) body = parsed;
    } catch {
      // A proxy's HTML page is no problem document: the status alone speaks.
    }
    const detail = typeof body.detail === "string" ? body.detail : "";
    const title = typeof body.title === "string" ? body.title : "";
    return new Problem(response.status, detail || title, body, response.headers.get("Retry-After"));
  }
}

/** Lost network, timeout, a server that stumbles: worth trying again with the same key. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof Problem) || error.status >= 500 || error.status === 408 || error.status === 425;
}
