import { describe, expect, it } from "vitest";
import { addEvents, EMPTY_LOG } from "../../src/shared/log";
import { labelsFor } from "../../src/widget/labels";
import { en } from "../../src/widget/labels.en";
import { zh } from "../../src/widget/labels.zh";
import {
  awaitsWords,
  characters,
  choiceGroups,
  facing,
  forgetRecalled,
  queueMinutes,
  unreadAfter,
  unsettled,
} from "../../src/widget/reading";
import { outgoing, said, status } from "../make";

const choices = [
  { id: "a", label: "甲" },
  { id: "human", label: "转人工" },
];

describe("what an agent took back", () => {
  const log = addEvents(EMPTY_LOG, [
    said(1, "agent", { text: "说错的话", disclosures: [{ id: "loan_cost" }] }),
    said(2, "agent"),
    said(3, "agent", { kind: "notice", text: "", recalls: 1 }),
  ]);

  it("is kept as a place without words", () => {
    const kept = forgetRecalled(log);
    expect(JSON.stringify(kept)).not.toContain("说错的话");
    expect(kept.events.map((event) => event.text)).toEqual(["", "agent 2", ""]);
    expect(kept.events[0]).not.toHaveProperty("disclosures");
    expect([kept.lastSeq, unreadAfter(kept, 0)]).toEqual([3, 1]);
  });

  it("leaves a log alone from which nothing was taken", () => {
    const whole = addEvents(EMPTY_LOG, [said(1, "agent")]);
    expect(forgetRecalled(whole)).toBe(whole);
  });
});

describe("choices", () => {
  it("can be clicked under the newest message that has them only", () => {
    const log = addEvents(EMPTY_LOG, [
      said(1, "bot", { choices }),
      said(2, "customer"),
      said(3, "bot", { choices }),
      said(4, "bot"),
    ]);
    const groups = choiceGroups(log, status(), []);
    expect([groups.get(1)?.open, groups.get(3)?.open, groups.has(4)]).toEqual([false, true, false]);
  });

  it("are done with once one was taken, and say which, also after a reload", () => {
    const log = addEvents(EMPTY_LOG, [said(1, "bot", { choices }), said(2, "customer", { text: "甲" })]);
    expect(choiceGroups(log, status(), []).get(1)).toMatchObject({ open: false, taken: "a" });
  });

  it("are closed while a click is on its way, and open again when it failed", () => {
    const log = addEvents(EMPTY_LOG, [said(1, "bot", { choices })]);
    const click = outgoing({ body: { choice: "a" }, shown: "甲", status: "sending" });
    expect(choiceGroups(log, status(), [click]).get(1)).toMatchObject({ open: false, taken: "a" });
    expect(choiceGroups(log, status(), [{ ...click, status: "failed" }]).get(1)?.open).toBe(true);
  });

  it("are not offered in an ended conversation, but a survey still is", () => {
    const ended = status({ state: "CLOSED" });
    const log = addEvents(EMPTY_LOG, [said(1, "bot", { choices })]);
    expect(choiceGroups(log, ended, []).get(1)?.open).toBe(false);
    const survey = addEvents(log, [
      said(2, "system", { kind: "survey", choices: [{ id: "rate_1", label: "满意" }] }),
    ]);
    expect(choiceGroups(survey, ended, []).get(2)?.open).toBe(true);
  });

  it("show step by step what was chosen in a survey, and only the last step is open", () => {
    const answers = [
      { id: "rate_2", label: "一般" },
      { id: "rate_skip_grade", label: "跳过" },
    ];
    const next = [
      { id: "rate_attitude_2", label: "一般" },
      { id: "rate_skip_attitude", label: "跳过" },
    ];
    const log = addEvents(EMPTY_LOG, [
      said(1, "system", { kind: "survey", choices: answers }),
      said(2, "customer", { text: "一般" }),
      said(3, "system", { kind: "survey", choices: next }),
    ]);
    const groups = choiceGroups(log, status({ state: "CLOSED" }), []);
    expect(groups.get(1)).toMatchObject({ open: false, taken: "rate_2" });
    expect(groups.get(3)).toMatchObject({ open: true, taken: null });
    const skipped = addEvents(log, [said(4, "customer", { text: "跳过" })]);
    expect(choiceGroups(skipped, status(), []).get(3)).toMatchObject({ open: false, taken: next[1]?.id });
  });

  it("of a question for words are done with once something was written", () => {
    const asked = said(1, "system", {
      kind: "survey",
      input: "text",
      choices: [{ id: "rate_skip_words", label: "跳过" }],
    });
    const log = addEvents(EMPTY_LOG, [asked]);
    expect([awaitsWords(log), choiceGroups(log, status(), []).get(1)?.open]).toEqual([true, true]);
    const later = addEvents(log, [said(2, "system", { kind: "state" })]);
    expect(awaitsWords(later)).toBe(true);
    const written = addEvents(later, [said(3, "customer"), said(4, "system", { kind: "notice" })]);
    expect([awaitsWords(written), choiceGroups(written, status(), []).get(1)]).toMatchObject([
      false,
      { open: false, taken: null },
    ]);
    expect(awaitsWords(EMPTY_LOG)).toBe(false);
  });
});

describe("who answers", () => {
  it("is said by the state, with the agent's name where one is known", () => {
    const log = addEvents(EMPTY_LOG, [said(1, "agent", { actor: { kind: "agent", name: "李敏" } })]);
    expect(facing(null, EMPTY_LOG)).toEqual({ kind: "bot" });
    expect(facing(status({ state: "OFFERED" }), EMPTY_LOG)).toEqual({ kind: "queue" });
    expect(facing(status({ state: "HUMAN", agent: "王芳" }), log)).toEqual({ kind: "agent", name: "王芳" });
    expect(facing(status({ state: "HUMAN" }), log)).toEqual({ kind: "agent", name: "李敏" });
    expect(facing(status({ state: "MESSAGE_LEFT" }), log)).toEqual({ kind: "bot" });
    expect(facing(status({ state: "CLOSED" }), log)).toEqual({ kind: "closed" });
  });
});

describe("messages not in the log yet", () => {
  it("show until their event is there", () => {
    const sent = outgoing({ status: "sent", seq: 4, sentAfter: 3 });
    expect(unsettled(EMPTY_LOG, [sent])).toEqual([sent]);
    expect(unsettled(addEvents(EMPTY_LOG, [said(4, "customer")]), [sent])).toEqual([]);
  });

  it("are not shown twice when the event overtakes the acknowledgement", () => {
    const sending = outgoing({ status: "sending", sentAfter: 3 });
    expect(
      unsettled(addEvents(EMPTY_LOG, [said(4, "customer", { text: "〔手机·尾号8000〕" })]), [sending]),
    ).toEqual([]);
  });

  it("still show beside earlier words that were the same", () => {
    const again = outgoing({ status: "sending", sentAfter: 3 });
    expect(unsettled(addEvents(EMPTY_LOG, [said(2, "customer", { text: "你好" })]), [again])).toEqual([
      again,
    ]);
  });
});

describe("counting", () => {
  it("counts characters as the server does", () => {
    expect(characters("你好👍𠮷")).toBe(4);
  });

  it("rounds a waiting time up to whole minutes", () => {
    expect([null, undefined, 20, 60, 61, 170].map(queueMinutes)).toEqual([null, null, 0, 1, 2, 3]);
  });

  it("counts as unread what others said and what has words", () => {
    const log = addEvents(EMPTY_LOG, [
      said(1, "bot"),
      said(2, "customer"),
      said(3, "system", { kind: "state", text: "已转接" }),
      said(4, "agent"),
      said(5, "system", { kind: "notice", text: null }),
    ]);
    expect(unreadAfter(log, 1)).toBe(1);
  });
});

describe("labels", () => {
  it("exist in both languages, and none is empty", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    expect([...Object.values(zh), ...Object.values(en)].filter((label) => label === "")).toEqual([]);
  });

  it("let the bank put its own words over ours, but no new ones", () => {
    expect(labelsFor("zh", { send: "发出", extra: "x" })).toMatchObject({ send: "发出" });
    expect(labelsFor("zh", { extra: "x" })).not.toHaveProperty("extra");
    expect(labelsFor("en-GB").send).toBe("Send");
  });
});
