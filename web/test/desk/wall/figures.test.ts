import { describe, expect, it } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { configOf } from "../../../src/desk/wall/chart-config";
import { readDay } from "../../../src/desk/wall/day";
import { moods, NAMED, reasons, volume } from "../../../src/desk/wall/figures";
import { DAY, day } from "./make";

describe("what the charts draw", () => {
  it("is handovers by hour and reason, those without a name in one, and all conversations as a line", () => {
    const { points, series } = volume(day(), zh);
    expect(points).toEqual(["9时", "10时"]);
    expect(series.map((one) => [one.label, one.tone, one.values, one.line ?? false])).toEqual([
      ["客户要求", "1", [2, 0], false],
      ["其他", "other", [0, 1], false],
      ["开始的会话", "line", [5, 1], true],
    ]);
    expect(series[0]?.behind[0]).toEqual({ hour: 9, reason: { id: "asked", label: "客户要求" } });
    expect([series[1]?.behind[1], series[2]?.behind[0]]).toEqual([null, null]);
  });

  it("gives so many reasons a colour, and puts the rarer ones together", () => {
    const codes = Array.from({ length: NAMED + 2 }, (_, index) => `r${index}`);
    const hour = {
      hour: 9,
      entered: codes.length,
      reasons: Object.fromEntries(codes.map((code) => [code, 1])),
    };
    const { series } = volume(
      readDay({ hours: [hour], reasons: codes.map((id) => ({ id, label: id, count: 1 })) }),
      zh,
    );
    expect(series.map((one) => one.values[0])).toEqual([...Array(NAMED).fill(1), 2, 0]);
  });

  it("is the moods of each hour", () => {
    const { series } = moods(day(), zh);
    expect(series.map((one) => [one.label, one.values[0]])).toEqual([
      ["平静", 1],
      ["着急", 0],
      ["激动", 1],
    ]);
    expect(series[2]?.behind[0]).toEqual({ hour: 9, mood: "strong" });
  });

  it("is the reasons of the day, of which one that is not stated cannot be asked for", () => {
    const { points, series, sideways } = reasons(day(), zh);
    expect([points, series[0]?.values, sideways]).toEqual([["客户要求", "没有写明"], [2, 1], true]);
    expect(series[0]?.behind).toEqual([{ reason: { id: "asked", label: "客户要求" } }, null]);
  });

  it("is nothing for an empty day", () => {
    const empty = readDay({ ...DAY, hours: [], reasons: [] });
    expect(volume(empty, zh).series.map((one) => one.label)).toEqual(["开始的会话"]);
    expect(reasons(empty, zh).points).toEqual([]);
  });
});

describe("what Chart.js is given", () => {
  const look = {
    ink: "ink",
    line: "line",
    ground: "ground",
    font: "sans",
    of: (tone: string) => `colour-${tone}`,
  };

  it("is stacked bars in the page's colours without animation, and the line before them", () => {
    const config = configOf(volume(day(), zh), look, () => undefined);
    expect(config.data.datasets.map((one) => [one.type ?? "bar", one.backgroundColor, one.order])).toEqual([
      ["bar", "colour-1", 1],
      ["bar", "colour-other", 1],
      ["line", "colour-line", 0],
    ]);
    expect(config.options).toMatchObject({
      animation: false,
      indexAxis: "x",
      scales: {
        x: { stacked: true, ticks: { color: "ink" } },
        y: { stacked: true, grid: { color: "line" } },
      },
    });
  });

  it("lies where names are long, and has no legend for a single colour", () => {
    const { options } = configOf(reasons(day(), zh), look, () => undefined);
    expect(options).toMatchObject({ indexAxis: "y", plugins: { legend: { display: false } } });
  });

  it("says which value was clicked, and nothing where none was", () => {
    const picked: unknown[] = [];
    const { options } = configOf(moods(day(), zh), look, (series, point) => picked.push([series, point]));
    const click = (hits: object[]) =>
      options?.onClick?.call({} as never, { native: new Event("click") } as never, [], {
        getElementsAtEventForMode: () => hits,
      } as never);
    click([{ datasetIndex: 2, index: 9 }]);
    click([]);
    expect(picked).toEqual([[2, 9]]);
  });
});
