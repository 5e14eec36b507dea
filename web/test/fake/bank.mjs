// A scripted stand-in for the server's behaviour: enough of the contract to look at and test the pages against.
// Sample texts only; the product's own wording lives on the server.
import { randomUUID } from "node:crypto";
import { behind } from "./behind.mjs";

/** @typedef {Record<string, any>} Any */

const HUMAN = { id: "human", label: "转人工" };
const WARNING = "理财非存款，产品有风险，投资须谨慎。过往业绩不代表未来表现。（示例）";

export class Bank {
  /** @type {Map<string, Any>} */
  conversations = new Map();
  /** @type {Set<() => void>} */
  listeners = new Set();
  presence = "ready";
  changed() {
    for (const listener of this.listeners) listener();
  }

  /** @param {Any} context */
  create(context) {
    const id = randomUUID();
    const conversation = {
      id,
      token: `token-${id}`,
      events: /** @type {Any[]} */ ([]),
      keys: new Map(),
      state: "BOT",
      holder: "bot",
      agent: /** @type {string | null} */ (null),
      epoch: 1,
      typing: false,
      queue: /** @type {Any | null} */ (null),
      waiting_since: new Date().toISOString(),
      large_type: context.large_type === true,
      expires_at: /** @type {string | null} */ (null),
    };
    this.conversations.set(id, conversation);
    this.bot(
      conversation,
      "您好，我是示范银行智能客服，可以为您解答开户、存款、贷款、理财等业务问题，也可以受理投诉。请问有什么可以帮您？",
      {
        choices: [
          { id: "hours", label: "营业时间" },
          { id: "wealth", label: "理财产品" },
          { id: "complain", label: "我要投诉" },
          HUMAN,
        ],
      },
    );
    return conversation;
  }

  /** @param {string | undefined} token */
  byToken(token) {
    return [...this.conversations.values()].find((one) => one.token === token) ?? null;
  }

  /** @param {Any} conversation @param {Any} event */
  append(conversation, event) {
    const full = { seq: conversation.events.length + 1, at: new Date().toISOString(), ...event };
    conversation.events.push(full);
    this.changed();
    return full.seq;
  }

  /** @param {Any} conversation @param {string} text @param {Any} more */
  bot(conversation, text, more = {}) {
    this.append(conversation, { kind: "message", actor: { kind: "bot", name: "小前" }, text, ...more });
  }

  /** @param {Any} conversation @param {string} state @param {string | null} holder @param {Any} more */
  move(conversation, state, holder, more = {}) {
    conversation.state = state;
    conversation.holder = holder;
    conversation.epoch += 1;
    conversation.queue = state === "QUEUED" ? { place: 2, eta_s: 170 } : null;
    conversation.agent = state === "HUMAN" ? "李敏（1024）" : null;
    this.append(conversation, {
      kind: "state",
      actor: { kind: "system" },
      text: null,
      state,
      holder,
      ...more,
    });
  }

  /** @param {Any} conversation @param {Any} body */
  receive(conversation, body) {
    const label = conversation.events
      .flatMap((/** @type {Any} */ event) => event.choices ?? [])
      .find((/** @type {Any} */ choice) => choice.id === body.choice)?.label;
    const text =
      body.text ??
      label ??
      { human: "转人工", cancel: "取消排队" }[/** @type {string} */ (body.choice)] ??
      "";
    const seq = this.append(conversation, { kind: "message", actor: { kind: "customer" }, text });
    conversation.typing = conversation.state === "BOT";
    setTimeout(() => {
      conversation.typing = false;
      this.answer(conversation, text);
    }, 350);
    return seq;
  }

  /** @param {Any} conversation @param {string} text */
  answer(conversation, text) {
    if (conversation.state === "QUEUED" && text === "取消排队") {
      this.move(conversation, "BOT", "bot");
      this.bot(conversation, "已为您取消排队，我继续为您服务。");
    } else if (conversation.state === "WRAP_UP") {
      this.append(conversation, { kind: "notice", actor: { kind: "system" }, text: "感谢您的评价。" });
      this.move(conversation, "CLOSED", null, { text: "会话已结束" });
    } else if (conversation.state !== "BOT") {
      this.changed();
    } else if (/人工/.test(text)) {
      this.move(conversation, "QUEUED", null);
      this.append(conversation, {
        kind: "notice",
        actor: { kind: "system" },
        text: "正在为您转接人工客服，您前面还有 1 位客户。",
      });
    } else if (/投诉/.test(text)) {
      this.bot(conversation, "非常抱歉给您带来不便，您的投诉已经受理。如对处理结果有异议，可申请复核。", {
        case: {
          number: "TS20261122-0007",
          severity: "重要",
          owner: "投诉处理组 王芳",
          due: "2026-12-04T17:00:00+08:00",
        },
      });
    } else if (/理财/.test(text)) {
      this.bot(
        conversation,
        `购买理财产品前，请先完成风险承受能力评估，并阅读产品说明书和风险揭示书。我行不对收益作任何承诺。\n\n${WARNING}`,
        {
          script: { id: "wealth.intro", version: 3 },
          disclosures: [{ id: "wealth", version: 2 }],
          choices: [{ id: "wealth.risk", label: "什么是风险等级" }, HUMAN],
        },
      );
    } else {
      this.bot(conversation, "抱歉，我没有理解您的问题。您想了解的是下面哪一项？", {
        choices: [{ id: "hours", label: "网点营业时间" }, { id: "account", label: "办理银行卡" }, HUMAN],
      });
    }
  }

  /** @param {Any} one */
  status(one) {
    return {
      state: one.state,
      holder: one.holder,
      epoch: one.epoch,
      last_seq: one.events.length,
      queue: one.queue,
      typing: one.typing,
      agent: one.agent,
    };
  }

  /** @param {Any} one */
  item(one) {
    const last = one.events[one.events.length - 1];
    return {
      conversation_id: one.id,
      channel: "web",
      state: one.state,
      epoch: one.epoch,
      reason: { code: "asked", text: "客户要求人工服务" },
      topic: "理财产品",
      severity_flag: one.large_type,
      waiting_since: one.waiting_since,
      place: 1,
      last_text: [...one.events].reverse().find((event) => event.text)?.text ?? "",
      last_at: last?.at,
      last_seq: one.events.length,
      unread: 0,
      holder: one.holder,
      expires_at: one.expires_at ?? undefined,
    };
  }

  desk() {
    const all = [...this.conversations.values()];
    /** @param {string[]} states */
    const of = (...states) => all.filter((one) => states.includes(one.state)).map((one) => this.item(one));
    return {
      now: new Date().toISOString(),
      presence: this.presence,
      limit: 3,
      queue: of("QUEUED"),
      offers: of("OFFERED"),
      mine: of("HUMAN", "WRAP_UP"),
    };
  }

  /** @param {Any} one */
  snapshot(one) {
    return {
      package: {
        reason: { code: "asked", text: "客户要求人工服务" },
        summary: "客户咨询理财产品的风险和收益，智能客服已回答两次，客户认为没有解决问题，要求人工服务。",
        topic: "理财产品",
        attempts: [
          {
            asked: "你们有什么理财产品，收益怎么样？",
            answered: "购买理财产品前，请先完成风险承受能力评估。",
          },
        ],
        misunderstandings: 1,
        entities: [
          { entity: "产品", value: "理财" },
          { entity: "手机", value: "〔手机·尾号8000〕" },
        ],
        context: { page: "https://bank.example/wealth", branch: "示范银行城东支行", campaign: "春季理财节" },
        warnings: [{ id: "wealth", version: 2, title: "理财风险提示" }],
        cases: [
          {
            number: "TS20261122-0007",
            severity: "重要",
            owner: "投诉处理组",
            due: "2026-12-04T17:00:00+08:00",
            state: "ACCEPTED",
          },
        ],
        channel: "web",
        large_type: one.large_type,
        ...behind(one),
      },
      events: one.events,
      state: one.state,
      holder: one.holder,
      epoch: one.epoch,
      clocks: [
        {
          name: "first_reply",
          label: "首次应答",
          due_at: new Date(Date.parse(one.waiting_since) + 90_000).toISOString(),
          breached: false,
        },
      ],
    };
  }

  /** A reply of an agent: the guard wants a warning with wealth products. @param {Any} one @param {Any} body */
  reply(one, body) {
    if (/理财/.test(body.text) && !body.text.includes(WARNING) && !body.override) {
      return {
        status: 422,
        title: "需要补充风险提示",
        detail: "回复涉及理财产品，缺少法定风险提示。",
        rules: ["missing:wealth"],
        reasons: ["回复涉及理财产品，必须完整包含理财风险提示。"],
        completed_text: `${body.text}\n\n${WARNING}`,
      };
    }
    return {
      status: 202,
      seq: this.append(one, {
        kind: "message",
        actor: { kind: "agent", name: "李敏（1024）" },
        text: body.text,
      }),
    };
  }
}
