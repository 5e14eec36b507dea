// The supervisor's wall behind http: made-up figures of a busy morning, in the shape of the product's.

/** @typedef {import("node:http").IncomingMessage} Request @typedef {import("node:http").ServerResponse} Response @typedef {Record<string, any>} Any */

const REASONS = [
  { id: "asked", label: "客户要求转人工" },
  { id: "repeated", label: "多次没有解决" },
  { id: "waited_long", label: "会话超过五分钟" },
  { id: "complaint", label: "投诉" },
  { id: "emotion", label: "情绪激动" },
  { id: "wrong_transfer", label: "转错账" },
  { id: "elderly", label: "年长客户" },
  { id: "wealth", label: "理财咨询" },
  { id: "card_swallowed", label: "境外吞卡" },
];
const SKILLS = [
  { id: "consult", label: "咨询组" },
  { id: "complaints", label: "投诉处理组" },
  { id: "wealth", label: "理财" },
];
const MOODS = /** @type {const} */ (["calm", "tense", "strong"]);
const NAMES = ["李敏", "王芳", "张伟", "刘洋"];
const PRESENCES = ["ready", "busy", "away", "offline"];
const PAGE = 5;

/** @param {number} seconds */
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
/** @param {number} index */
const reason = (index) => {
  const { id, label } = REASONS[index % REASONS.length] ?? { id: "", label: "" };
  return { code: id, text: label };
};
const agent = (index = 0) => ({ id: `agent${index + 1}`, label: NAMES[index] ?? "" });

/** @param {number} index @param {boolean} waits */
function row(index, waits) {
  const waited = 40 + 150 * (index + 1);
  const clock = { name: waits ? "queue" : "answer", label: waits ? "排队" : "首次应答" };
  return {
    conversation_id: `w${waits ? "q" : "s"}${index}`,
    queue: index % 3 ? "consult" : "complaints",
    reason: reason(index),
    topic: ["信用卡", "理财", null][index % 3],
    severity_flag: index === 4,
    alarm: waits && index === 5,
    mood: MOODS[index % 3],
    waiting_since: waits ? ago(waited) : null,
    place: waits ? 6 - index : null,
    clocks: [{ ...clock, due_at: ago(waited - 600), near_at: ago(waited - 400), breached: false }],
    agent: waits ? null : agent(index % 2),
  };
}

/** Some figure that is always the same for an hour, low at night. @param {number} hour @param {number} salt */
const some = (hour, salt) => (hour < 8 || hour > 18 ? 0 : (hour * 7 + salt * 5) % 6);

/** @param {number} hour */
function hourOf(hour) {
  const reasons = Object.fromEntries(REASONS.map(({ id }, index) => [id, some(hour, index)]));
  const entered = Object.values(reasons).reduce((sum, one) => sum + one, 0);
  const strong = Math.floor(entered / 6);
  const tense = Math.floor(entered / 3);
  return {
    hour,
    started: entered * 2 + some(hour, 3),
    entered,
    reasons,
    moods: { calm: entered - strong - tense, tense, strong },
  };
}

/** @param {string | null} wanted */
function day(wanted) {
  const hours = Array.from({ length: 24 }, (_, hour) => hourOf(hour));
  const sum = (/** @type {(one: Any) => number} */ of) => hours.reduce((all, one) => all + of(one), 0);
  const medians = { first_answer_s: 24 };
  return {
    day: wanted ?? new Date().toISOString().slice(0, 10),
    hours,
    reasons: REASONS.map((one) => ({ ...one, count: sum((hour) => hour.reasons[one.id]) })).sort(
      (a, b) => b.count - a.count,
    ),
    totals: {
      started: sum((one) => one.started),
      entered: sum((one) => one.entered),
      served: sum((one) => one.entered) - 3,
      left: 3,
      breached: 7,
      waited_s: 61,
      ...medians,
      handling_s: 412,
      in_time: 0.93,
    },
    agents: [0, 1].map((index) => ({ ...agent(index), served: 12 + index, breached: 3 - index, ...medians })),
  };
}

/** @param {URLSearchParams} asked */
function entries(asked) {
  const all = Array.from({ length: 12 }, (_, index) => ({
    conversation_id: `e${index}`,
    entered_at: ago(3600 * 3 - index * 400),
    queue: "咨询组",
    reason: REASONS.some((one) => one.id === asked.get("reason"))
      ? reason(REASONS.findIndex((one) => one.id === asked.get("reason")))
      : reason(index),
    agent: index % 4 ? agent(index % 2) : null,
    waited_s: 30 + index * 9,
    first_answer_s: index % 4 ? 12 + index : null,
    handling_s: index % 4 ? 300 + index * 20 : null,
    how: ["close", "transfer", "message", null][index % 4],
    result: index % 4 ? "" : "solved",
    mood: asked.get("mood") ?? MOODS[index % 3],
    breaches: index % 5 ? [] : ["首次应答"],
  }));
  const from = all.findIndex((one) => `${one.conversation_id}.1` === asked.get("after")) + 1;
  const shown = all.slice(from, from + PAGE);
  const next = from + PAGE < all.length ? `${shown.at(-1)?.conversation_id}.1` : null;
  return { entries: shown, total: all.length, next };
}

/** Answers what is about the wall, and about accounts as far as it needs them; false for all else. */
export function wallWire() {
  const people = NAMES.map((name, index) => ({
    username: `agent${index + 1}`,
    name,
    roles: index === 1 ? ["senior"] : [],
    skills: index % 2 ? ["consult", "complaints"] : ["consult"],
    limit: 3,
    presence: PRESENCES[index],
    disabled: false,
    locked_until: null,
  }));
  const live = () => {
    const waiting = [0, 1, 2, 3, 4, 5].map((index) => row(index, true));
    const serving = [0, 1, 2].map((index) => row(index, false));
    const group = (/** @type {string} */ id, /** @type {string} */ label, /** @type {number} */ ready) => ({
      id,
      label,
      waiting: waiting.filter((one) => one.queue === id).length,
      serving: serving.filter((one) => one.queue === id).length,
      since: waiting.filter((one) => one.queue === id).at(-1)?.waiting_since ?? null,
      ready,
      free: ready * 2,
    });
    const felt = (/** @type {string} */ mood) =>
      [...waiting, ...serving].filter((one) => one.mood === mood).length;
    return {
      upset: felt("strong"),
      tense: felt("tense"),
      longest_since: waiting.at(-1)?.waiting_since ?? null,
      queues: [group("consult", "咨询组", 2), group("complaints", "投诉处理组", 1)],
      waiting_total: waiting.length,
      waiting,
      serving_total: serving.length,
      serving,
      agents: people.map((one, index) => ({
        ...agent(index),
        presence: one.presence,
        senior: one.roles.includes("senior"),
        skills: SKILLS.filter(({ id }) => one.skills.includes(id)),
        limit: one.limit,
        load: index < 2 ? 2 - index : 0,
        idle_since: index === 0 ? ago(95) : null,
      })),
      breaches_total: 7,
      breaches: [0, 1, 2].map((index) => ({
        at: ago(600 * (index + 1)),
        name: "answer",
        label: "首次应答",
        conversation_id: `b${index}`,
        agent: index ? agent(0) : null,
        reason: reason(index),
      })),
    };
  };

  /** @param {Request} request @param {URL} url @returns {Promise<unknown>} */
  const answer = async (request, url) => {
    const path = url.pathname.replace("/api/desk/", "");
    if (path === "wall") return live();
    if (path === "wall/day") return day(url.searchParams.get("day"));
    if (path === "wall/entries") return entries(url.searchParams);
    if (path === "sessions") return { sessions: [] };
    if (path === "people")
      return { people, offered: { roles: ["agent", "senior"], skills: SKILLS, limit: 5 } };
    const one = people.find(({ username }) => path === `people/${username}`);
    if (!one || request.method !== "PATCH") return null;
    let text = "";
    for await (const chunk of request) text += chunk;
    return Object.assign(one, JSON.parse(text));
  };

  /** @param {Request} request @param {Response} response @param {URL} url @returns {Promise<boolean>} */
  return async (request, response, url) => {
    const body = await answer(request, url);
    if (body === null) return false;
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    return true;
  };
}
