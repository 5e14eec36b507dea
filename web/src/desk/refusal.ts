import { fill } from "../shared/fill";
import { Problem } from "../shared/problem";
import type { Labels } from "./labels.zh";

/** Why something did not work, in the server's own words, with who was faster where the server names them. */
export function refusal(error: unknown, labels: Labels, me: string): string {
  if (!(error instanceof Problem)) return labels.no_server;
  const detail = error.detail || fill(labels.refused, { n: error.status });
  const { holder } = error.body;
  if (error.status !== 409 || typeof holder !== "string" || holder === me) return detail;
  return `${detail} ${fill(labels.held_by, { name: holder === "bot" ? labels.actor_bot : holder })}`;
}

export function signInRefusal(error: unknown, labels: Labels): string {
  if (!(error instanceof Problem) || error.status !== 429) return refusal(error, labels, "");
  return fill(labels.sign_in_limited, { n: error.retryAfterHeader ?? "60" });
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}
