import { fill } from "../../shared/fill";
import type { Labels } from "../labels.zh";
import { MOODS, type Option } from "../model";
import type { Day, Hour } from "./day";
import type { Filter } from "./filter";

/** So many reasons have a colour of their own in the hours; the rarer ones share one. */
export const NAMED = 7;

export type Narrow = Omit<Filter, "day">;

/** One colour of a chart, one column of its table. */
export interface Series {
  label: string;
  /** Which of the colours in wall.css: `--chart-TONE`. */
  tone: string;
  values: number[];
  /** What is behind each value; null where it cannot be asked for. */
  behind: (Narrow | null)[];
  /** Drawn as a line above the bars. */
  line?: true;
}

/** What a chart draws and its table tells. */
export interface Figures {
  title: string;
  /** What the rows of the table are. */
  axis: string;
  points: string[];
  series: Series[];
  /** Bars that lie, for names that are long. */
  sideways?: true;
}

/** Who came into the queue in each hour, by reason, and above them all conversations that began. */
export function volume(day: Day, labels: Labels): Figures {
  const named = day.reasons.filter((one) => one.id).slice(0, NAMED);
  return byHour(labels.wall_volume, day, labels, [
    ...named.map((one, index) => reasonSeries(day, one, index)),
    ...others(day, labels, named),
    {
      label: labels.wall_started,
      tone: "line",
      line: true,
      values: day.hours.map((hour) => hour.started),
      behind: day.hours.map(() => null),
    },
  ]);
}

export function moodsMeasured(day: Day): boolean {
  return day.hours.some((hour) => hour.moods !== null);
}

export function moods(day: Day, labels: Labels): Figures {
  const series = MOODS.map((mood) => ({
    label: labels[`mood_${mood}`],
    tone: mood,
    values: day.hours.map((hour) => hour.moods?.[mood] ?? 0),
    behind: day.hours.map(({ hour }) => ({ hour, mood })),
  }));
  return byHour(labels.wall_moods, day, labels, series);
}

export function reasons(day: Day, labels: Labels): Figures {
  return {
    title: labels.wall_reasons,
    axis: labels.wall_reason,
    sideways: true,
    points: day.reasons.map((one) => one.label || labels.wall_no_reason),
    series: [
      {
        label: labels.wall_entered,
        tone: "1",
        values: day.reasons.map((one) => one.count),
        behind: day.reasons.map(({ id, label }) => (id ? { reason: { id, label } } : null)),
      },
    ],
  };
}

function byHour(title: string, day: Day, labels: Labels, series: Series[]): Figures {
  return {
    title,
    axis: labels.wall_hour,
    points: day.hours.map((one) => fill(labels.wall_at_hour, { n: one.hour })),
    series,
  };
}

function reasonSeries(day: Day, { id, label }: Option, index: number): Series {
  return {
    label,
    tone: String(index + 1),
    values: day.hours.map((hour) => hour.reasons[id] ?? 0),
    behind: day.hours.map(({ hour }) => ({ hour, reason: { id, label } })),
  };
}

/** Whoever came for another reason, or for none that is known; no series where there is nobody. */
function others(day: Day, labels: Labels, named: readonly Option[]): Series[] {
  const rest = (hour: Hour) =>
    Math.max(0, hour.entered - named.reduce((sum, one) => sum + (hour.reasons[one.id] ?? 0), 0));
  const values = day.hours.map(rest);
  if (!values.some((value) => value > 0)) return [];
  return [{ label: labels.wall_others, tone: "other", values, behind: day.hours.map(() => null) }];
}
