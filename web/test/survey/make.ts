import { json } from "../make";

export const GRADE = {
  id: "grade",
  text: "请问这次服务您满意吗？",
  choices: [
    { id: "rate_3", label: "非常满意" },
    { id: "rate_2", label: "一般" },
    { id: "rate_1", label: "不满意" },
    { id: "rate_skip_grade", label: "跳过" },
  ],
  free: false,
};

export const SOLVED = {
  id: "solved",
  text: "您的问题解决了吗？",
  choices: [
    { id: "rate_solved_3", label: "是" },
    { id: "rate_skip_solved", label: "跳过" },
  ],
  free: false,
};

export const WORDS = {
  id: "words",
  text: "还有什么想对我们说的吗？",
  choices: [{ id: "rate_skip_words", label: "跳过" }],
  free: true,
};

/** What the server says: where the survey stands. */
export function standing(question: unknown, more: Record<string, unknown> = {}): Response {
  return json({
    bank: { name: "示范银行", hotline: "400-000-0000" },
    intro: "每一题都可以跳过。",
    step: 1,
    steps: 3,
    question,
    said: [],
    max_chars: 10,
    ...more,
  });
}

export function problem(status: number, detail: string): Response {
  return json({ type: "urn:qiantai:problem:x", status, detail }, status);
}
