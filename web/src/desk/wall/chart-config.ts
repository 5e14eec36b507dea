import type { ChartConfiguration, ChartDataset, ChartOptions } from "chart.js";
import type { Figures, Series } from "./figures";

export type Config = ChartConfiguration<"bar" | "line", number[], string>;

/** How the page looks at this moment. */
export interface Look {
  ink: string;
  line: string;
  ground: string;
  font: string;
  /** The colour of a tone. */
  of(tone: string): string;
}

/** What Chart.js is given. `pick` hears which value was clicked. */
export function configOf(
  figures: Figures,
  look: Look,
  pick: (series: number, point: number) => void,
): Config {
  return {
    type: "bar",
    data: { labels: figures.points, datasets: figures.series.map((one) => datasetOf(one, look)) },
    options: optionsOf(figures, look, pick),
  };
}

function datasetOf(
  { label, tone, values, line }: Series,
  look: Look,
): ChartDataset<"bar" | "line", number[]> {
  const colour = look.of(tone);
  if (line) {
    return {
      type: "line",
      label,
      data: values,
      order: 0, // Before the bars.
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2,
      pointRadius: 2,
    };
  }
  return {
    label,
    data: values,
    order: 1,
    backgroundColor: colour,
    hoverBackgroundColor: colour,
    borderColor: look.ground, // Neighbours whose colours are alike are told apart.
    hoverBorderColor: look.ink,
    borderWidth: 1,
    maxBarThickness: 34,
  };
}

function optionsOf(
  { series, sideways }: Figures,
  look: Look,
  pick: (series: number, point: number) => void,
): ChartOptions<"bar" | "line"> {
  const font = { family: look.font, size: 12 };
  const counted = {
    beginAtZero: true,
    ticks: { color: look.ink, font, precision: 0 },
    grid: { color: look.line },
  };
  const named = {
    ticks: { color: look.ink, font, autoSkip: !sideways, maxRotation: 0 },
    grid: { display: false },
  };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    indexAxis: sideways ? "y" : "x",
    scales: {
      x: { ...(sideways ? counted : named), stacked: true },
      y: { ...(sideways ? named : counted), stacked: true },
    },
    interaction: { mode: "index", axis: sideways ? "y" : "x", intersect: false },
    plugins: {
      legend: {
        display: series.length > 1,
        position: "bottom",
        labels: { color: look.ink, font, boxWidth: 14, boxHeight: 10 },
        onClick: () => undefined, // Nothing is hidden: the table would not follow.
      },
      tooltip: { titleFont: font, bodyFont: font, filter: (one) => Number(one.raw) > 0 },
    },
    onClick: (event, _near, chart) => {
      const { native } = event;
      const hit = native && chart.getElementsAtEventForMode(native, "nearest", { intersect: true }, false)[0];
      if (hit) pick(hit.datasetIndex, hit.index);
    },
  };
}
