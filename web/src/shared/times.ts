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
