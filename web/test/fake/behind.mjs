// What the package tells of the customer besides the conversation: who he is, colleagues' words, what was before.

/** @typedef {Record<string, any>} Any */

const BY = { username: "agent2", name: "王芳" };
const DAY_MS = 86_400_000;

/** @param {Any} one @param {number} days @returns {string} */
const before = (one, days) => new Date(Date.parse(one.waiting_since) - days * DAY_MS).toISOString();

/** @param {Any} one */
function former(one) {
  return {
    id: `${one.id}-before`,
    at: before(one, 30),
    channel: "wechat",
    state: "CLOSED",
    topic: "信用卡年费",
    reason: "客户要求人工服务",
    result: "follow_up",
    category: "card",
  };
}

/** @param {Any} one */
export function behind(one) {
  return {
    identity: { level: "proven", contact: "〔手机·尾号8000〕", case: "TS20261122-0007" },
    signals: {
      mood: "tense",
      careful: one.large_type,
      flags: [{ id: "scam", text: "可能正在受骗，请按防诈骗流程处理" }],
    },
    notes: [
      { kind: "decline", at: before(one, 0), by: BY, text: "不在业务范围" },
      {
        kind: "transfer",
        at: before(one, 0),
        by: BY,
        to: "agent:agent1",
        text: "客户要的是书面的产品说明书，已答应今天给。",
      },
    ],
    history: [former(one)],
  };
}

/** @param {Any} one */
export function formerTalk(one) {
  const at = before(one, 30);
  const note = { kind: "close", at, by: BY, text: "年费减免要回电", result: "follow_up", category: "card" };
  return {
    ...former(one),
    notes: [note],
    events: [
      { seq: 1, at, kind: "message", actor: { kind: "customer" }, text: "年费为什么扣了？" },
      {
        seq: 2,
        at,
        kind: "message",
        actor: { kind: "agent", name: "王芳" },
        text: "我查一下，稍后给您回电。",
      },
    ],
  };
}
