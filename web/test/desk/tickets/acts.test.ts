// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { REFRESH_MS } from "../../../src/desk/tickets/cases";
import { json } from "../../make";
import { full, onOnePage, open, refusing } from "./make";

describe("acts on a case", () => {
  onOnePage();

  it("shows only the acts that are allowed", async () => {
    const { draw } = await open({ ticket: () => full({ allowed: ["note", "accept", "unheard_of"] }) });
    const acts = [...draw().querySelectorAll(".acts button")].map((one) => one.textContent?.trim());
    expect(acts).toEqual(["受理", "添加备注"]);
  });

  it("does an act without words at one click, on the version that is shown", async () => {
    const { press, posts, words } = await open({
      answer: ({ path }) =>
        path.endsWith("/accept") ? json(full({ version: 8, state_label: "已经受理了" })) : null,
    });
    await press("受理");
    expect(posts("/accept")[0]?.body).toEqual({ version: 7 });
    expect(posts("/accept")[0]?.headers.get("X-CSRF-Token")).toBe("secret");
    expect(words()).toContain("已经受理了");
    expect(words()).toContain("已完成：受理");
  });

  it("opens one form at a time, moves the keyboard into it and back", async () => {
    const { press, draw, button } = await open();
    await press("添加备注");
    expect(document.activeElement?.getAttribute("name")).toBe("text");
    await press("提出方案");
    expect(draw().querySelectorAll(".case-form")).toHaveLength(1);
    expect(draw().querySelector(".case-form h3")?.textContent).toBe("提出方案");
    await press("取消");
    expect(draw().querySelector(".case-form")).toBeNull();
    expect(document.activeElement).toBe(button("提出方案"));
  });

  it("sends what is typed, and then keeps nothing of it", async () => {
    const { press, write, submit, posts, draw, box } = await open();
    await press("添加备注");
    write("text", "  客户来电补充 ");
    await submit();
    expect(posts("/note")[0]?.body).toEqual({ version: 7, text: "客户来电补充" });
    expect(draw().querySelector(".case-form")).toBeNull();
    await press("添加备注");
    expect(box("text").value).toBe("");
  });

  it("does not send a form without what it needs", async () => {
    const { press, submit, posts } = await open();
    await press("添加备注");
    await submit();
    expect(posts("/note")).toHaveLength(0);
  });

  it.each<[string, object, (page: Awaited<ReturnType<typeof open>>) => void]>([
    ["agreed", { agreed: false, note: "" }, ({ choose }) => choose("no")],
    [
      "extend",
      { days: 30, reason: "情况复杂" },
      ({ choose, write }) => {
        choose("30");
        write("reason", "情况复杂");
      },
    ],
    [
      "promise",
      { text: "回电", due_at: "2026-11-26T17:30:00+08:00" },
      ({ write }) => {
        write("text", "回电");
        write("due_at", "2026-11-26T17:30");
      },
    ],
    [
      "repeat",
      { of: "TS20261101-000009", reason: "同一件事" },
      ({ write }) => {
        write("of", "TS20261101-000009");
        write("reason", "同一件事");
      },
    ],
    [
      "accused",
      { usernames: ["agent2"], reason: "客户指名" },
      ({ choose, write }) => {
        choose("agent2");
        write("reason", "客户指名");
      },
    ],
    [
      "classify",
      { classes: { content: "fee" }, group: true, root_cause: "系统", reason: "核对过录音" },
      ({ choose, write }) => {
        write("class:content", "fee");
        choose("yes");
        write("root_cause", "系统");
        write("reason", "核对过录音");
      },
    ],
    [
      "correct",
      {
        name: "",
        contact: "13900139000",
        request: "退还年费",
        basis: "",
        product: "card",
        amount: "",
        branch: "城东支行",
        customer_type: "personal",
        on_behalf: "",
        representatives: ["张三", "李四"],
        prefers: "",
        reason: "来电更正",
      },
      ({ write }) => {
        write("contact", "13900139000");
        write("request", "退还年费");
        write("representatives", "张三\n 李四 \n");
        write("reason", "来电更正");
      },
    ],
  ])("sends %s in the server's shape", async (act, body, fill) => {
    const page = await open();
    await page.press(act === "classify" ? zh.classes_confirm : zh[`act_${act}` as keyof typeof zh]);
    fill(page);
    await page.submit();
    expect(page.posts(`/${act}`)[0]?.body).toEqual({ version: 7, ...body });
  });

  it.each([
    [{ text: "道歉", at: "2026-11-25T09:00:00+08:00", agreed: true }, false],
    [{ text: "道歉", at: "2026-11-25T09:00:00+08:00", agreed: null }, true],
    [null, true],
  ])("asks why it is resolved without the customer's agreement: %j", async (proposal, asked) => {
    const { press, draw, box, submit, write, posts } = await open({
      ticket: () => full({ allowed: ["resolve"], proposal }),
    });
    await press("办结");
    expect(draw().querySelector('[name="no_agreement"]') !== null).toBe(asked);
    for (const name of ["basics", "handling", "reasons"]) write(name, "已核实");
    if (asked) {
      await submit();
      expect(posts("/resolve")).toHaveLength(0);
      expect(box("no_agreement").required).toBe(true);
      write("no_agreement", "三次电话联系不上");
    }
    await submit();
    const sent = (posts("/resolve")[0]?.body ?? {}) as Record<string, unknown>;
    expect(sent.no_agreement).toBe(asked ? "三次电话联系不上" : undefined);
    expect(sent.basics).toBe("已核实");
  });

  it.each([
    [15, ["30"]],
    [30, ["60"]],
    [60, []],
  ])("offers one step beyond %i days", async (cap_days, offered) => {
    const { press, draw } = await open({ ticket: () => full({ allowed: ["extend"], cap_days }) });
    await press("延长期限");
    const boxes = [...draw().querySelectorAll<HTMLInputElement>('.case-form input[type="radio"]')];
    expect(boxes.map((one) => one.value)).toEqual(offered);
  });

  it("shows beside the form that so grave a case is resolved by the head", async () => {
    const { press, write, submit, words } = await open({
      ticket: () => full({ allowed: ["resolve"] }),
      answer: refusing("resolve", { detail: "这个级别的投诉，由客服负责人办结" }, 403),
    });
    await press("办结");
    for (const name of ["basics", "handling", "reasons", "no_agreement"]) write(name, "已核实");
    await submit();
    expect(words()).toContain("由客服负责人办结");
  });

  it("starts the classes from what stands there, be it named by its words", async () => {
    const { press, write, submit, posts, words } = await open();
    expect(words()).toContain("系统建议");
    await press("确认或修改分类");
    await submit();
    expect(posts("/classify")).toHaveLength(0); // Not without a reason.
    write("reason", "与事实相符");
    await submit();
    expect(posts("/classify")[0]?.body).toMatchObject({ classes: { content: "attitude" } });
  });

  it("leaves the flag of a group as it is, unless another is chosen", async () => {
    const { press, write, choose, submit, posts } = await open({ ticket: () => full({ group: true }) });
    await press(zh.classes_confirm);
    write("reason", "与事实相符");
    await submit();
    expect(posts("/classify")[0]?.body).toMatchObject({ group: true });
    await press(zh.classes_confirm);
    choose("no");
    write("reason", "只有一位客户");
    await submit();
    expect(posts("/classify")[1]?.body).toMatchObject({ group: false });
  });

  it("sends the report as it is made from the result, without a text of its own", async () => {
    const { press, submit, posts, draw } = await open({ ticket: () => full({ allowed: ["report"] }) });
    await press(zh.act_report);
    expect(draw().querySelector(".case-form")?.textContent).toContain(zh.act_report_hint);
    await submit();
    expect(posts("/report")[0]?.body).toEqual({ version: 7 });
  });

  it("that somebody else has changed is read again, says so, and keeps what was typed", async () => {
    let version = 7;
    const { press, write, submit, words, box, posts } = await open({
      ticket: () => full({ version }),
      answer: (call) =>
        call.path.endsWith("/note") && (call.body as { version: number }).version === 7
          ? json({ detail: "工单已被更新" }, 409)
          : null,
    });
    await press("添加备注");
    write("text", "写了很多");
    version = 8;
    await submit();
    expect(words()).toContain(zh.case_changed);
    expect(words()).toContain("工单已被更新");
    expect(box("text").value).toBe("写了很多");
    await submit();
    expect(posts("/note")[1]?.body).toEqual({ version: 8, text: "写了很多" });
  });

  it("keeps the form to be read when the act is possible no more", async () => {
    let allowed = ["note", "propose"];
    const { press, write, box, words, button } = await open({ ticket: () => full({ allowed }) });
    await press("提出方案");
    write("text", "减免年费");
    allowed = ["note"];
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect(words()).toContain(zh.act_barred);
    expect(box("text").value).toBe("减免年费");
    expect((button("提出方案") as HTMLButtonElement).disabled).toBe(true);
  });

  it("refused for one field says so beside it, and moves there", async () => {
    const { press, choose, write, submit, box, draw } = await open({
      answer: refusing("extend", { detail: "理由太短", field: "reason" }, 422),
    });
    await press("延长期限");
    choose("30");
    write("reason", "忙");
    await submit();
    expect(box("reason").getAttribute("aria-invalid")).toBe("true");
    const note = draw().querySelector(`[id="${box("reason").getAttribute("aria-describedby")}"]`);
    expect(note?.textContent).toBe("理由太短");
    expect(document.activeElement).toBe(box("reason"));
    write("reason", "案情复杂");
    expect(box("reason").getAttribute("aria-invalid")).toBe("false");
  });

  it("keeps drafts over a reload, opens the same form, and marks the others", async () => {
    const first = await open();
    await first.press("提出方案");
    first.write("text", "方案写到一半");
    await first.press("添加备注");
    first.write("text", "备注写到一半");
    document.body.replaceChildren();
    const { box, button, press } = await open({ store: first.store });
    expect(box("text").value).toBe("备注写到一半");
    expect(button("提出方案").textContent).toContain("有草稿");
    await press("提出方案");
    expect(box("text").value).toBe("方案写到一半");
    await press("清空");
    expect(box("text").value).toBe("");
  });
});
