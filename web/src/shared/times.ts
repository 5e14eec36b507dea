/** Times as the bank's customers and agents read them: always the bank's own zone. */
const ZONE = "Asia/Shanghai";

const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  year: "numeric",
  month: "long",
  day: "numeric",
});
const shortDay = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, month: "numeric", day: "numeric" });

function parse(at: string): Date | null {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** "14:05", or "" for what is no time. */
export function hourMinute(at: string): string {
  const date = parse(at);
  return date ? clock.format(date) : "";
}

/** "2026年11月22日". */
export function longDay(at: string): string {
  const date = parse(at);
  return date ? day.format(date) : "";
}

/** "11/24 17:00"; a bare date stays without an hour. Unreadable text is shown as it came. */
export function dueTime(at: string): string {
  const date = parse(at);
  if (!date) return at;
  return /T|\d{2}:\d{2}/.test(at) ? `${shortDay.format(date)} ${clock.format(date)}` : shortDay.format(date);
}

/** "4:05" or "1:02:09"; never negative. */
export function elapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

const OFFSET_MS = 8 * 3_600_000; // The bank's zone has no summer time.

/** The number of the bank's day since 1970. */
export function bankDay(ms: number): number {
  return Math.floor((ms + OFFSET_MS) / 86_400_000);
}

/** What a `datetime-local` box holds, "2026-11-29T17:30", as the bank's time: "2026-11-29T17:30:00+08:00". */
export function fromBox(value: string): string {
  return value ? `${value.length === 16 ? `${value}:00` : value}+08:00` : "";
}

/** A moment for a `datetime-local` box, in the bank's time; "" for what is no moment. */
export function toBox(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? "" : new Date(ms + OFFSET_MS).toISOString().slice(0, 16);
}
