// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { json } from "../../make";
import { onOnePage, open } from "./make";

describe("an act whose words the guard reads", () => {
  onOnePage();

  it("refused by the guard shows why, and sends the completed version with one click", async () => {
    const { press, write, submit, words, posts, draw } = await open({
      answer: (call) =>
        call.path.endsWith("/propose") && (call.body as { text: string }).text === "改买理财"
          ? json(
              { detail: "缺", rules: ["r"], reasons: ["缺少风险提示"], completed_text: "改买理财\n风险提示" },
              422,
            )
          : null,
    });
    await press("提出方案");
    write("text", "改买理财");
    await submit();
    expect(words()).toContain("缺少风险提示");
    expect(draw().querySelector("mark")?.textContent).toBe("\n风险提示");
    await press("发送补全后的版本");
    expect(posts("/propose")[1]?.body).toEqual({ version: 7, text: "改买理财\n风险提示" });
    expect(draw().querySelector(".case-form")).toBeNull();
  });

  it("doubted by the guard is sent after a second look", async () => {
    const { press, write, submit, posts } = await open({
      answer: (call) =>
        call.path.endsWith("/propose") && !(call.body as { confirmed?: boolean }).confirmed
          ? json({ detail: "再看", reasons: ["像承诺"], confirmable: true }, 422)
          : null,
    });
    await press("提出方案");
    write("text", "尽快处理");
    await submit();
    await press("我再看过了");
    expect(posts("/propose")[1]?.body).toEqual({ version: 7, text: "尽快处理", confirmed: true });
  });
});
