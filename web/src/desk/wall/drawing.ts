// The one module that has Chart.js in it. It is loaded when the first chart is drawn: most agents never see one.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import type { Config } from "./chart-config";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

export interface Drawing {
  follow(config: Config): void;
  end(): void;
}

export function drawn(canvas: HTMLCanvasElement, config: Config): Drawing {
  const chart = new Chart(canvas, config);
  return {
    follow({ data, options }) {
      chart.data = data;
      chart.options = options ?? {};
      chart.update("none");
    },
    end: () => chart.destroy(),
  };
}
