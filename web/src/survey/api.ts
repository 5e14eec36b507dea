import { Problem } from "../shared/problem";
import { asList, asNumber, asRecord, asText, asTexts } from "../shared/reading";
import { isRecord } from "../shared/wire";

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface Choice {
  id: string;
  label: string;
}

export interface Question {
  id: string;
  text: string;
  choices: Choice[];
  /** Answered in the customer's own words. */
  free: boolean;
}

/** Where the survey stands. Without a question it is over. */
export interface Standing {
  bank: string;
  hotline: string;
  intro: string;
  step: number;
  steps: number;
  question: Question | null;
  /** What was said to the last answer. */
  said: string[];
  maxChars: number;
}

export type Answer = { question: string } & ({ choice: string } | { text: string });

const REQUEST_MS = 20_000;

/** The link's side of the wire. Its token travels in a header; no cookie does. */
export class SurveyApi {
  constructor(
    private readonly token: string,
    private readonly fetcher: Fetch = (input, init) => fetch(input, init),
  ) {}

  read(): Promise<Standing> {
    return this.call("/api/survey", { method: "GET" });
  }

  /** The same answer may be sent again at no risk: the first one counts. */
  answer(answer: Answer): Promise<Standing> {
    return this.call("/api/survey/answers", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(answer),
    });
  }

  private async call(path: string, init: RequestInit): Promise<Standing> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), REQUEST_MS);
    try {
      const response = await this.fetcher(path, {
        ...init,
        headers: { ...init.headers, Authorization: `Bearer ${this.token}` },
        cache: "no-store",
        credentials: "omit",
        signal: limit.signal,
      });
      if (!response.ok) throw await Problem.from(response);
      return readStanding(await response.json());
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Throws where it is no standing at all: something between us and the server has answered. */
function readStanding(value: unknown): Standing {
  if (!isRecord(value) || !("question" in value)) throw new Error("the server named no question");
  const bank = asRecord(value.bank);
  return {
    bank: asText(bank.name),
    hotline: asText(bank.hotline),
    intro: asText(value.intro),
    step: asNumber(value.step, 1),
    steps: asNumber(value.steps, 1),
    question: isRecord(value.question) ? readQuestion(value.question) : null,
    said: asTexts(value.said),
    maxChars: asNumber(value.max_chars, 1000),
  };
}

function readQuestion(value: Record<string, unknown>): Question {
  return {
    id: asText(value.id),
    text: asText(value.text),
    choices: asList(value.choices, (one) => {
      const { id, label } = asRecord(one);
      return typeof id === "string" && typeof label === "string" ? { id, label } : null;
    }),
    free: value.free === true,
  };
}
