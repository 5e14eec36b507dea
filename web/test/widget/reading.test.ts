import { describe, expect, it } from "vitest";
import { addEvents, EMPTY_LOG } from "../../src/shared/log";
import { labelsFor } from "../../src/widget/labels";
import { en } from "../../src/widget/labels.en";
import { zh } from "../../src/widget/labels.zh";
import {
  characters,
  choiceGroups,
  facing,
  queueMinutes,
  unreadAfter,
  unsettled,
} from "../../src/widget/reading";
import { outgoing, said, status } from "../make";

const choices = [
  { id: "a", label: "甲" },
  { id: "human", label: "转人工" },
];

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
