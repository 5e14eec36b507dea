import { Problem } from "../shared/problem";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

const REQUEST_MS = 20_000;
const UPLOAD_MS = 180_000;

/** The agents' side of the wire: a cookie says who, a header says that it is our page that asks. */
export class DeskHttp {
  csrf = "";

  constructor(private readonly fetcher: Fetch = (input, init) => fetch(input, init)) {}

  get(path: string, headers: Record<string, string> = {}): Promise<unknown> {
    return this.call(path, { method: "GET", headers }, REQUEST_MS);
  }

  remove(path: string): Promise<unknown> {
    return this.call(path, { method: "DELETE", headers: this.proof() }, REQUEST_MS);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const all = { "Content-Type": "application/json", ...this.proof(), ...headers };
    return this.call(path, { method: "POST", headers: all, body: JSON.stringify(body) }, REQUEST_MS);
  }

  patch(path: string, body: unknown): Promise<unknown> {
    const headers = { "Content-Type": "application/json", ...this.proof() };
    return this.call(path, { method: "PATCH", headers, body: JSON.stringify(body) }, REQUEST_MS);
  }

  /** The browser itself names the type of a form with files, with its boundary. */
  upload(path: string, form: FormData): Promise<unknown> {
    return this.call(path, { method: "POST", headers: this.proof(), body: form }, UPLOAD_MS);
  }

  stream(path: string, signal: AbortSignal): Promise<Response> {
    return this.fetcher(`/api/desk/${path}`, {
      headers: { Accept: "text/event-stream" },
      cache: "no-store",
      credentials: "same-origin",
      signal,
    });
  }

  private proof(): Record<string, string> {
    return this.csrf ? { "X-CSRF-Token": this.csrf } : {};
  }

  private async call(path: string, init: RequestInit, limitMs: number): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), limitMs);
    try {
      const response = await this.fetcher(`/api/desk/${path}`, {
        ...init,
        cache: "no-store",
        credentials: "same-origin",
        signal: limit.signal,
      });
      if (!response.ok) throw await Problem.from(response);
      const text = await response.text();
      return text ? (JSON.parse(text) as unknown) : null;
    } finally {
      clearTimeout(timer);
    }
  }
}
