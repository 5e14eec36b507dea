import { isTransient, Problem } from "../shared/problem";
import type { Answer, Standing, SurveyApi } from "./api";

export type Trouble = "load" | "send" | "busy" | null;

/** A survey as its page shows it: one answer at a time, kept until the server has it. */
export class Survey {
  standing: Standing | null = null;
  /** The link is good for nothing; what the server says of it. */
  gone: string | null = null;
  trouble: Trouble = null;
  /** What the server minds about the answer; it can be given otherwise. */
  refused = "";
  sending = false;
  /** Words that are being written to the open question. */
  draft = "";
  /** Given, and not yet known to have arrived. */
  pending: Answer | null = null;

  constructor(
    private readonly api: Pick<SurveyApi, "read" | "answer">,
    private readonly changed: () => void,
  ) {}

  /** Where it stood: also after a reload. */
  load(): Promise<void> {
    return this.asking("load", () => this.api.read());
  }

  choose(choice: string): Promise<void> {
    const question = this.standing?.question;
    return question ? this.give({ question: question.id, choice }) : Promise.resolve();
  }

  write(): Promise<void> {
    const question = this.standing?.question;
    const text = this.draft.trim();
    return question && text && this.over === 0
      ? this.give({ question: question.id, text })
      : Promise.resolve();
  }

  again(): Promise<void> {
    return this.pending ? this.give(this.pending) : this.load();
  }

  /** So many characters too many. */
  get over(): number {
    return Math.max(0, [...this.draft.trim()].length - (this.standing?.maxChars ?? 0));
  }

  private give(answer: Answer): Promise<void> {
    if (this.sending) return Promise.resolve(); // a second press on the same button, or on another
    this.pending = answer;
    return this.asking("send", () => this.api.answer(answer));
  }

  private async asking(what: "load" | "send", ask: () => Promise<Standing>): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.trouble = null;
    this.refused = "";
    this.changed();
    try {
      const before = this.standing?.question?.id;
      this.standing = await ask();
      this.pending = null;
      if (this.standing.question?.id !== before) this.draft = "";
    } catch (error) {
      this.failed(what, error);
    } finally {
      this.sending = false;
      this.changed();
    }
  }

  private failed(what: "load" | "send", error: unknown): void {
    if (!(error instanceof Problem) || isTransient(error)) this.trouble = what;
    else if (error.status === 404) this.gone = error.detail;
    else if (what === "load") this.trouble = "load";
    else if (error.status === 429) this.trouble = "busy";
    else {
      this.pending = null;
      this.refused = error.detail;
    }
  }
}
