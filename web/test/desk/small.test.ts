import { describe, expect, it } from "vitest";
import { deskTitle, unreadOf } from "../../src/desk/attention";
import { en } from "../../src/desk/labels.en";
import { zh } from "../../src/desk/labels.zh";
import { readOptions, readPage, readVerdict } from "../../src/desk/read";
import { readPackage } from "../../src/desk/read-package";
import { emptyTalk, withFrame, withSnapshot } from "../../src/desk/talk";
import { said } from "../make";

const base = { package: readPackage({}), clocks: [] };

describe("a conversation on the desk", () => {
  it("does not fall back to an older epoch when a snapshot comes late", () => {
    const newer = withFrame(emptyTalk("c1"), {
      epoch: 5,
      state: "QUEUED",
      holder: null,
      events: [said(2, "bot")],
    });
    const late = withSnapshot(newer, {
      ...base,
      epoch: 4,
      state: "HUMAN",
      holder: "a1",
      events: [said(1, "bot")],
    });
    expect([late.epoch, late.state, late.holder]).toEqual([5, "QUEUED", null]);
    expect(late.log.events.map((event) => event.seq)).toEqual([1, 2]);
  });

  it("keeps its holder when a frame does not name one", () => {
    const held = withFrame(emptyTalk("c1"), { epoch: 2, state: "HUMAN", holder: "a1", events: [] });
    expect(withFrame(held, { epoch: 2, events: [said(1, "bot")] }).holder).toBe("a1");
    expect(withFrame(held, { epoch: 3, holder: null, events: [] }).holder).toBeNull();
  });
});

describe("unread messages", () => {
  const item = {
    conversation_id: "c1",
    channel: "web",
    state: "HUMAN",
    epoch: 1,
    last_seq: 8,
    unread: 5,
  } as const;

  it("are the server's count until this page has shown the conversation", () => {
    expect(unreadOf(item, new Map())).toBe(5);
    expect(unreadOf(item, new Map([["c1", 8]]))).toBe(0);
    expect(unreadOf(item, new Map([["c1", 6]]))).toBe(2);
    expect(unreadOf({ ...item, unread: 0 }, new Map([["c1", 6]]))).toBe(0);
  });
});

describe("the tab's title", () => {
  it("puts an offer before unread messages", () => {
    expect(deskTitle("前台", 1, 3, "新会话")).toBe("【新会话】前台");
    expect(deskTitle("前台", 0, 3, "新会话")).toBe("(3) 前台");
    expect(deskTitle("前台", 0, 0, "新会话")).toBe("前台");
  });
});

describe("what the server sends", () => {
  it("may name options as words or with labels", () => {
    expect(readOptions(["理财", { id: "card", label: "银行卡" }, { id: "x" }, 5])).toEqual([
      { id: "理财", label: "理财" },
      { id: "card", label: "银行卡" },
      { id: "x", label: "x" },
    ]);
    const nothing = { categories: [], transfer_queues: [], recall_s: 0, quiet_s: 0 };
    expect(readPage({ bank: "示范银行" })).toEqual({ bank: "示范银行", ...nothing });
  });

  it("is a verdict only when it names rules or reasons", () => {
    expect(readVerdict("文", { detail: "太长" })).toBeNull();
    expect(readVerdict("文", { rules: ["r"], completed_text: "文" })?.completed).toBeNull();
    expect(readVerdict("文", { reasons: ["缺提示"], completed_text: "文+" })?.completed).toBe("文+");
  });
});

describe("labels", () => {
  it("exist in both languages, and none is empty", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    expect([...Object.values(zh), ...Object.values(en)].filter((label) => label === "")).toEqual([]);
  });
});
