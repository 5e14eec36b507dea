import { describe, expect, it } from "vitest";
import { SurveyApi } from "../../src/survey/api";
import { Survey } from "../../src/survey/survey";
import { type Call, scripted } from "../make";
import { GRADE, problem, SOLVED, standing, WORDS } from "./make";

type Server = (call: Call, calls: Call[]) => Response | Promise<Response>;

async function setUp(server: Server) {
  const { fetcher, calls } = scripted(server);
  let drawn = 0;
  const survey = new Survey(new SurveyApi("the-token", fetcher), () => {
    drawn += 1;
  });
  await survey.load();
  return { survey, calls, drawn: () => drawn, sent: () => calls.filter((call) => call.method === "POST") };
}

describe("a survey", () => {
  it("names its link in a header and in no address, with no cookie", async () => {
    const { calls } = await setUp(() => standing(GRADE));
    expect(calls.map((call) => [call.method, call.path])).toEqual([["GET", "/api/survey"]]);
    expect(calls[0]?.headers.get("Authorization")).toBe("Bearer the-token");
  });

  it("goes from answer to answer as the server says", async () => {
    const { survey, sent } = await setUp((call) =>
      standing(call.method === "GET" ? GRADE : SOLVED, { step: 2 }),
    );
    await survey.choose("rate_3");
    expect(sent().map((call) => [call.path, call.body])).toEqual([
      ["/api/survey/answers", { question: "grade", choice: "rate_3" }],
    ]);
    expect(survey.standing?.question?.id).toBe("solved");
    expect(survey.pending).toBeNull();
  });

  it("takes one press at a time", async () => {
    let release = (_: Response) => {};
    const { survey, sent } = await setUp((call) =>
      call.method === "GET"
        ? standing(GRADE)
        : new Promise((resolve) => {
            release = resolve;
          }),
    );
    const first = survey.choose("rate_3");
    await Promise.all([survey.choose("rate_3"), survey.choose("rate_1"), survey.again(), survey.load()]);
    expect(sent()).toHaveLength(1);
    release(standing(SOLVED));
    await first;
    expect(survey.standing?.question?.id).toBe("solved");
  });

  it.each([
    ["the network is gone", () => Promise.reject(new TypeError("network")), "send"],
    ["the server stumbles", () => problem(503, "数据库"), "send"],
    ["a proxy answers", () => new Response("<html>", { status: 200 }), "send"],
    ["something else answers", () => new Response('{"ok":true}', { status: 200 }), "send"],
    ["it was too often", () => problem(429, "操作太频繁"), "busy"],
  ])("keeps the answer where %s, and sends the same again", async (_what, fails, trouble) => {
    let broken = true;
    const { survey, sent } = await setUp((call) => {
      if (call.method === "GET") return standing(GRADE);
      return broken ? fails() : standing(SOLVED);
    });
    await survey.choose("rate_2");
    expect([survey.trouble, survey.pending, survey.sending]).toEqual([
      trouble,
      { question: "grade", choice: "rate_2" },
      false,
    ]);
    broken = false;
    await survey.again();
    expect(sent().map((call) => call.body)).toEqual(
      Array.from({ length: 2 }, () => ({ question: "grade", choice: "rate_2" })),
    );
    expect([survey.trouble, survey.pending, survey.standing?.question?.id]).toEqual([null, null, "solved"]);
  });

  it("lets another button be pressed after a failure", async () => {
    let broken = true;
    const { survey, sent } = await setUp((call) => {
      if (call.method === "GET") return standing(GRADE);
      if (broken) throw new TypeError("network");
      return standing(SOLVED);
    });
    await survey.choose("rate_2");
    broken = false;
    await survey.choose("rate_1");
    expect(sent().at(-1)?.body).toEqual({ question: "grade", choice: "rate_1" });
  });

  it("sends words without the blanks around them, and keeps them until they have arrived", async () => {
    let broken = true;
    const { survey, sent } = await setUp((call) => {
      if (call.method === "GET") return standing(WORDS);
      if (broken) throw new TypeError("network");
      return standing(null, { said: ["谢谢"] });
    });
    survey.draft = " 很好\n";
    await survey.write();
    expect(survey.draft).toBe(" 很好\n");
    broken = false;
    await survey.again();
    expect(sent().at(-1)?.body).toEqual({ question: "words", text: "很好" });
    expect([survey.draft, survey.standing?.question, survey.standing?.said]).toEqual(["", null, ["谢谢"]]);
  });

  it("sends neither nothing nor too much; an emoji is one character", async () => {
    const { survey, sent } = await setUp(() => standing(WORDS));
    for (const draft of ["", "  \n", "十一个字十一个字十一个"]) {
      survey.draft = draft;
      await survey.write();
    }
    expect(sent()).toEqual([]);
    expect(survey.over).toBe(1);
    survey.draft = "🙂".repeat(10);
    expect(survey.over).toBe(0);
  });

  it("says what the server minds, and can be answered otherwise", async () => {
    const { survey } = await setUp((call) =>
      call.method === "GET" ? standing(GRADE) : problem(422, "没有这个选项"),
    );
    await survey.choose("rate_9");
    expect([survey.refused, survey.pending, survey.trouble]).toEqual(["没有这个选项", null, null]);
  });

  it("ends where the link is good for nothing, in the server's words", async () => {
    const { survey } = await setUp(() => problem(404, "链接已失效。请拨打400"));
    expect(survey.gone).toBe("链接已失效。请拨打400");
  });

  it("ends so too while it is answered", async () => {
    const { survey } = await setUp((call) =>
      call.method === "GET" ? standing(GRADE) : problem(404, "失效"),
    );
    await survey.choose("rate_3");
    expect(survey.gone).toBe("失效");
  });

  it.each([503, 429, 403])("offers to open it again after %d", async (status) => {
    let broken = true;
    const { survey } = await setUp(() => (broken ? problem(status, "x") : standing(GRADE)));
    expect([survey.trouble, survey.standing]).toEqual(["load", null]);
    broken = false;
    await survey.again();
    expect([survey.trouble, survey.standing?.question?.id]).toEqual([null, "grade"]);
  });

  it("draws anew when something begins and when it has ended", async () => {
    const { survey, drawn } = await setUp(() => standing(GRADE));
    expect(drawn()).toBe(2);
    await survey.choose("rate_3");
    expect(drawn()).toBe(4);
  });
});
