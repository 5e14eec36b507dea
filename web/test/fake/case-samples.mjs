// Sample cases, tasks and alerts around now: enough of each kind to look at.

/** @typedef {Record<string, any>} Any */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A moment so many milliseconds from now. @param {number} ms */
export const at = (ms) => new Date(Date.now() + ms).toISOString();

export const STATES = /** @type {Record<string, string>} */ ({
  NEW: "新建",
  ACCEPTED: "已受理",
  ASSIGNED: "已转办",
  INVESTIGATING: "处理中",
  PROPOSED: "已提出方案",
  RESOLVED: "已办结",
  CLOSED: "已关闭",
  REOPENED: "复核中",
  WITHDRAWN: "已撤诉",
});

export const CHANNELS = /** @type {Record<string, string>} */ ({
  web: "网页聊天",
  wechat: "微信公众号",
  phone: "电话",
  counter: "柜面",
  letter: "来信",
  mail: "邮件",
});

export const OPTIONS = {
  severities: ["一般", "重要", "重大", "紧急"],
  states: Object.entries(STATES).map(([id, label]) => ({ id, label })),
  channels: Object.entries(CHANNELS).map(([id, label]) => ({ id, label })),
  axes: [
    {
      id: "content",
      label: "内容",
      values: [
        { id: "attitude", label: "服务态度" },
        { id: "fee", label: "费用争议" },
        { id: "delay", label: "办理时效" },
      ],
    },
    {
      id: "business",
      label: "业务",
      values: [
        { id: "card", label: "银行卡" },
        { id: "wealth", label: "理财" },
        { id: "loan", label: "贷款" },
      ],
    },
  ],
  departments: ["信用卡部", "个人金融部", "合规部"],
  staff: [
    { id: "agent1", label: "李敏" },
    { id: "agent2", label: "王芳" },
    { id: "quality1", label: "质检 周洁" },
  ],
  products: [
    { id: "card", label: "信用卡" },
    { id: "wealth", label: "理财产品" },
  ],
  files: { types: ["image/jpeg", "image/png", "application/pdf"], max_bytes: 10_485_760 },
};

/** @param {number} id @param {string} kind @param {string} label @param {number} from @param {number} due @param {Any} more */
function clock(id, kind, label, from, due, more = {}) {
  const percent = Math.max(0, Math.round((-from / (due - from)) * 100));
  const breached = due < 0;
  return {
    id,
    kind,
    label,
    starts_at: at(from),
    opens_at: null,
    due_at: at(due),
    done_at: null,
    breached,
    state: "open",
    percent,
    pausable: kind === "resolution",
    provisional: false,
    ...more,
  };
}

/** @param {string} number @param {string} title @param {number} due when the answer is due @param {Any} more @returns {Any} */
function complaint(number, title, due, more = {}) {
  const opened = -20 * HOUR;
  return {
    number,
    kind: "complaint",
    severity: "一般",
    repeat: false,
    group: false,
    state: "ACCEPTED",
    owner: "投诉处理组（客服专员）",
    owner_user: null,
    channel: "web",
    facts: `${title}。客户称昨天下午在网点办理业务时等候超过一小时，多次询问没有得到答复，要求说明原因并道歉。`,
    title,
    reason: null,
    conversation_id: null,
    opened_at: at(opened),
    provisional: false,
    version: 1,
    round: 1,
    received_at: at(opened),
    cap_days: 15,
    contact: "王〔手机·尾号8000〕",
    secret: "13800138000",
    fields: {
      request: "书面道歉，说明处理结果",
      basis: "排队号码单",
      product: "",
      amount: "",
      branch: "示范银行城东支行",
      on_behalf: "",
      representatives: [],
      customer_type: "personal",
      prefers: "电话",
    },
    classes: { content: "attitude", business: "card" },
    proposed_classes: true,
    root_cause: "",
    accused: [],
    pause: null,
    proposal: null,
    result: null,
    clocks: [
      clock(1, "first_response", "首次答复", opened, due),
      clock(2, "resolution", "办结", opened, due + 7 * DAY),
      clock(3, "receipt", "受理回执", opened, -19 * HOUR, {
        state: "done",
        done_at: at(-19.5 * HOUR),
        breached: false,
        percent: 50,
      }),
    ],
    timeline: [
      {
        at: at(opened),
        actor: "客户",
        action: "opened",
        label: "登记",
        text: "在网页聊天里提出，系统已给出编号和期限。",
      },
      { at: at(-19.5 * HOUR), actor: "系统", action: "receipt", label: "受理回执", text: "" },
    ],
    files: [],
    linked: [],
    repeat_of: null,
    earlier: [],
    ...more,
  };
}

export function sampleCases() {
  return [
    {
      ...complaint("HF20261121-000001", "房贷利率是多少", -600_000),
      kind: "callback",
      owner: "人工客服回电组",
      facts: "房贷利率是多少",
      reason: "客户要求人工服务",
      conversation_id: "former",
      clocks: [clock(4, "callback", "回电", -2 * HOUR, -600_000)],
    },
    complaint("TS20261129-000001", "柜员态度差，等候一小时无人理睬", 3 * HOUR, {
      severity: "重要",
      state: "NEW",
    }),
    complaint("TS20261129-000002", "信用卡年费重复扣收", -2 * HOUR, {
      severity: "重大",
      repeat: true,
      repeat_of: "TS20261129-000001",
      owner_user: { id: "agent1", label: "李敏" },
      state: "INVESTIGATING",
      files: [{ id: 3, name: "回单.jpg", type: "image/jpeg", size: 123_456, at: at(-HOUR), by: "李敏" }],
      linked: [
        {
          conversation_id: "former",
          channel_label: "网页聊天",
          at: at(-2 * DAY),
          why: "同一联系方式，内容相近",
        },
      ],
    }),
    complaint("TS20261129-000003", "理财到期未及时到账", 1.1 * DAY, {
      group: true,
      channel: "phone",
      owner_user: { id: "agent2", label: "王芳" },
    }),
    complaint("TS20261129-000004", "贷款提前还款预约一直没有回音", 2.2 * DAY, {
      pause: { since: at(-5 * HOUR), reason: "等客户补充材料" },
      channel: "wechat",
    }),
    complaint("TS20261129-000005", "手机银行转账页面打不开", 9 * DAY, { channel: "counter" }),
    complaint("TS20261120-000001", "网点无障碍通道被占用", -5 * DAY, {
      state: "CLOSED",
      clocks: [],
      result: {
        basics: "通道临时堆放物料。",
        handling: "当日清理，网点负责人致歉。",
        reasons: "符合服务规范要求。",
        satisfaction: "客户满意",
        improvement: "每日巡查。",
      },
    }),
    ...Array.from({ length: 52 }, (_, index) =>
      complaint(
        `TS20261128-${String(index + 1).padStart(6, "0")}`,
        `短信通知延迟（${index + 1}）`,
        (10 + index) * DAY,
      ),
    ),
  ];
}

/** @returns {Any[]} */
export function sampleTasks() {
  /** @param {number} id @param {string} kind @param {string} label @param {number} due @param {Any} more */
  const task = (id, kind, label, due, more = {}) => ({
    id,
    kind,
    label,
    what: null,
    number: "TS20261129-000002",
    conversation_id: null,
    text: "",
    script: "",
    opens_at: null,
    due_at: at(due),
    person: { id: "agent1", label: "李敏" },
    role: "agent",
    title: "信用卡年费重复扣收",
    done_at: null,
    answers: null,
    ...more,
  });
  return [
    task(12, "visit", "回访", 5 * HOUR, {
      text: "了解客户对处理结果的意见",
      script: "您好，这里是示范银行客服中心，就您反映的问题做一次回访，大约需要两分钟，您看方便吗？",
    }),
    task(13, "promise", "承诺", -HOUR, {
      text: "把费用明细发给客户",
      number: null,
      conversation_id: "former",
    }),
    task(14, "report", "书面报告", 3 * DAY, { text: "四部分报告", person: null }),
    task(15, "tell", "通知客户", 20 * HOUR, {
      what: { id: "case_assigned", label: "转办通知" },
      text: "您的投诉（编号TS20261129-000002）已转交信用卡部李敏办理，最晚12月4日 17:30告诉您结果。",
    }),
    task(16, "tell", "通知客户", 26 * HOUR, {
      what: { id: "case_first_response", label: "首次答复" },
      text: "关于您的投诉（编号TS20261129-000002），先答复如下：\n您反映的情况：年费重复扣收\n初步了解：正在核对两笔扣款的记录",
      person: null,
    }),
  ];
}

export function sampleAlerts() {
  return [
    {
      id: 1,
      at: at(-HOUR),
      number: "TS20261129-000002",
      kind: "breach",
      level: 100,
      text: "首次答复已超时：信用卡年费重复扣收",
    },
    {
      id: 2,
      at: at(-2 * HOUR),
      number: "TS20261129-000001",
      kind: "warning",
      level: 80,
      text: "首次答复已用时 80%：柜员态度差",
    },
  ];
}
