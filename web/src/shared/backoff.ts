/** Milliseconds before try number `attempt` (0 = the first retry): doubling from half a second, with jitter. */
export function backoff(attempt: number, random: () => number = Math.random, cap = 15_000): number {
  const full = Math.min(cap, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.75 + 0.5 * random()));
}

/** Milliseconds named by a Retry-After header: seconds or an HTTP date; otherwise `fallback`. At most 5 minutes. */
export function retryAfter(header: string | null, now: number, fallback = 5_000): number {
  const limit = 300_000;
  if (header === null || header.trim() === "") return fallback;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.min(limit, Math.max(0, seconds * 1000));
  const date = Date.parse(header);
  return Number.isNaN(date) ? fallback : Math.min(limit, Math.max(0, date - now));
}
