import { readDay } from "../../../src/desk/wall/day";
import { type Call, json } from "../../make";
import { type Start, setUp } from "../tickets/make";

const LI = { id: "agent1", label: "李敏" };

export function row(id: string, more: object = {}) {
  return {
    conversation_id: id,
    queue: "consult",
    reason: { code: "asked", text: "客户要求" },
    topic: "信用卡",
    severity_flag: false,
    alarm: false,
    mood: "calm",
    waiting_since: "2026-11-25T09:58:00+08:00",
    place: 1,
    clocks: [],
    agent: null,
    ...more,
  };
}

export const LIVE = {
  upset: 1,
  tense: 1,
  longest_since: "2026-11-25T09:55:00+08:00",
  queues: [
    {
      id: "consult",
      label: "咨询组",
      waiting: 2,
      serving: 1,
      since: "2026-11-25T09:55:00+08:00",
      ready: 1,
      free: 2,
    },
  ],
  waiting_total: 2,
  waiting: [
    row("q1"),
    row("q2", {
      reason: { code: "complaint", text: "投诉" },
      mood: "strong",
      place: 2,
      waiting_since: "2026-11-25T09:55:00+08:00",
      clocks: [
        { name: "queue", label: "排队", due_at: "2026-11-25T09:59:00+08:00", near_at: null, breached: true },
      ],
    }),
  ],
  serving_total: 1,
  serving: [row("s1", { reason: { code: "age", text: "年长客户" }, agent: LI, mood: "tense" })],
  agents: [
    {
      ...LI,
      presence: "ready",
      senior: true,
      skills: [{ id: "consult", label: "咨询组" }],
      limit: 3,
      load: 0,
      idle_since: "2026-11-25T09:59:30+08:00",
    },
    {
      id: "agent2",
      label: "王芳",
      presence: "away",
      senior: false,
      skills: [],
      limit: 2,
      load: 0,
      idle_since: null,
    },
  ],
  breaches_total: 4,
  breaches: [
    {
      at: "2026-11-25T09:30:00+08:00",
      name: "answer",
      label: "首次应答",
      conversation_id: "b1",
      agent: LI,
      reason: { code: "swallowed", text: "吞卡" },
    },
  ],
};

/** Two handovers at nine for a reason with a name, one at ten without. */
export const DAY = {
  day: "2026-11-25",
  hours: [
    { hour: 9, started: 5, entered: 2, reasons: { asked: 2 }, moods: { calm: 1, tense: 0, strong: 1 } },
    { hour: 10, started: 1, entered: 1, reasons: { "": 1 }, moods: { calm: 1 } },
  ],
  reasons: [
    { id: "asked", label: "客户要求", count: 2 },
    { id: "", label: "", count: 1 },
  ],
  totals: {
    started: 6,
    entered: 3,
    served: 2,
    left: 1,
    breached: 1,
    waited_s: 61,
    first_answer_s: 24,
    handling_s: null,
    in_time: 0.925,
  },
  agents: [{ ...LI, served: 2, first_answer_s: 24, breached: 1 }],
};

export const day = () => readDay(DAY);

export function entry(id: string, more: object = {}) {
  return {
    conversation_id: id,
    entered_at: "2026-11-25T09:05:00+08:00",
    queue: "咨询组",
    reason: { code: "asked", text: "客户要求" },
    agent: LI,
    waited_s: 61,
    first_answer_s: 24,
    handling_s: 300,
    how: "close",
    result: "solved",
    mood: "tense",
    breaches: ["首次应答"],
    ...more,
  };
}

const PERSON = {
  username: "agent1",
  name: "李敏",
  roles: [],
  skills: ["consult"],
  limit: 3,
  presence: "ready",
};
const PEOPLE = {
  people: [PERSON],
  offered: {
    roles: [],
    skills: [
      { id: "consult", label: "咨询组" },
      { id: "loans", label: "贷款" },
    ],
    limit: 5,
  },
};

export const SUPERVISOR = ["desk", "serve", "read_any", "skills", "wall"];

/** The wall before somebody with these rights. */
export function atWall(
  rights: readonly string[] = SUPERVISOR,
  answer: (call: Call) => Response | null = () => null,
  more: Start = {},
) {
  return setUp({
    place: { view: "wall" },
    answer: (call) => {
      const own = answer(call);
      if (own) return own;
      const path = call.path.replace("/api/desk/", "");
      if (path === "session")
        return json({ csrf_token: "secret", user: { username: "super1", name: "主管", rights } });
      if (path === "wall") return json(LIVE);
      if (path.startsWith("wall/day")) return json(DAY);
      if (path.startsWith("wall/entries")) {
        const later = path.includes("after=");
        return json({ entries: [entry(later ? "e2" : "e1")], total: 2, next: later ? null : "e1.2" });
      }
      if (path.startsWith("people")) return json(call.method === "GET" ? PEOPLE : {});
      return null;
    },
    ...more,
  });
}
