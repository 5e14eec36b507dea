import { describe, expect, it } from "vitest";
import { readDay } from "../../../src/desk/wall/day";
import { readEntries, readLive } from "../../../src/desk/wall/model";
import { DAY, entry, LIVE, row } from "./make";

describe("the wall as the server sends it", () => {
  it("is read whole", () => {
    const live = readLive(LIVE);
    expect(live).toMatchObject({ upset: 1, tense: 1, longest_since: LIVE.longest_since, serving_total: 1 });
    expect(live.queues[0]).toMatchObject({ label: "咨询组", waiting: 2, ready: 1, free: 2 });
    expect(live.waiting.map((one) => [one.conversation_id, one.mood, one.clocks.length])).toEqual([
      ["q1", "calm", 0],
      ["q2", "strong", 1],
    ]);
    expect(live.agents[0]).toMatchObject({ label: "李敏", senior: true, limit: 3 });
    expect(live.breaches[0]).toMatchObject({ label: "首次应答", agent: { id: "agent1" } });
  });

  it.each([
    null,
    "no",
    [],
    {},
    { queues: [null], waiting: [{}], agents: [3], breaches: ["x"] },
  ])("is empty where it is %j", (value) => {
    const { queues, waiting, serving, agents, breaches, ...counts } = readLive(value);
    expect([queues, waiting, serving, agents, breaches]).toEqual([[], [], [], [], []]);
    expect(counts).toEqual({
      upset: 0,
      tense: 0,
      longest_since: null,
      waiting_total: 0,
      serving_total: 0,
      breaches_total: 0,
    });
  });

  it("keeps a row whose fields are strange, without them", () => {
    const strange = {
      reason: "x",
      topic: 3,
      mood: "furious",
      waiting_since: 7,
      place: "1",
      clocks: {},
      agent: {},
    };
    expect(
      readLive({ waiting: [row("q1", strange)], agents: [{ id: "a", presence: "asleep" }] }),
    ).toMatchObject({
      waiting: [
        {
          reason: null,
          topic: null,
          mood: "calm",
          waiting_since: null,
          place: null,
          clocks: [],
          agent: null,
        },
      ],
      agents: [{ label: "a", presence: "offline", skills: [], limit: 0, load: 0, idle_since: null }],
    });
  });
});

describe("a day in figures", () => {
  it("has the hours that the server sent: what is to come is no figure", () => {
    const { hours, totals } = readDay(DAY);
    expect(hours.map((one) => one.hour)).toEqual([9, 10]);
    expect(hours[0]).toMatchObject({ started: 5, entered: 2, reasons: { asked: 2 } });
    expect(hours[1]?.moods).toEqual({ calm: 1, tense: 0, strong: 0 });
    expect(readDay({ hours: [{ hour: 9, moods: null }] }).hours[0]?.moods).toBeNull();
    expect(totals).toMatchObject({ entered: 3, handling_s: null, in_time: 0.925 });
  });

  it.each([
    null,
    1,
    { hours: [{}, "x"], reasons: [4], totals: "none", agents: [{}] },
  ])("is empty where it is %j", (value) => {
    const { hours, agents, totals } = readDay(value);
    expect(hours.every((one) => one.entered === 0)).toBe(true);
    expect([agents, totals.served, totals.waited_s]).toEqual([[], 0, null]);
  });
});

describe("entries", () => {
  it("come with where the next ones begin", () => {
    expect(readEntries({ entries: [entry("e1"), {}], total: 9, next: "e1.1" })).toMatchObject({
      entries: [{ conversation_id: "e1", how: "close", breaches: ["首次应答"] }],
      total: 9,
      next: "e1.1",
    });
    expect(readEntries({ entries: [entry("e1", { how: null, reason: null })] })).toMatchObject({
      entries: [{ how: null, reason: null }],
      total: null,
      next: null,
    });
  });
});
