// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { json } from "../../make";
import { full, NOW, NUMBER, setUp } from "./make";

const opened = (more: object = {}) =>
  json({ number: NUMBER, joined: false, why: "", ticket: full(), ...more }, 201);
const empty = {
  ...{ name: "", contact: "", request: "", basis: "", product: "", amount: "", branch: "", on_behalf: "" },
  ...{ representatives: [], customer_type: "personal", prefers: "" },
};

describe("a new complaint", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  it("from the list names its channel, and leads to its page", async () => {
    const { choose, write, submit, posts, desk, words } = await setUp({
      place: { view: "new", conversation: null },
      answer: ({ path }) => (path.endsWith("tickets") ? opened() : null),
    });
    choose("letter");
    write("received_at", "2026-11-24T09:30");
    write("facts", "来信称年费重复");
    write("representatives", "张三\n\n 李四 ");
    await submit();
    expect(posts("/tickets")[0]?.body).toEqual({
      ...empty,
      channel: "letter",
      received_at: "2026-11-24T09:30:00+08:00",
      facts: "来信称年费重复",
      representatives: ["张三", "李四"],
    });
    expect(posts("/tickets")[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{36}$/);
    expect(desk.where.place).toEqual({ view: "ticket", number: NUMBER });
    expect(words()).toContain(`已登记：${NUMBER}`);
  });

  it("from a conversation is filled in from it, and names it", async () => {
    const { box, asked, submit, posts } = await setUp({
      place: { view: "new", conversation: "c1" },
      answer: ({ path }) => {
        if (path.includes("prefill"))
          return json({ facts: "客户说年费重复", product: "信用卡", contact: "〔手机·尾号8000〕" });
        return path.endsWith("tickets") ? opened() : null;
      },
    });
    expect(asked("prefill?conversation_id=c1")).toHaveLength(1);
    expect(box("facts").value).toBe("客户说年费重复");
    await submit();
    expect(posts("/tickets")[0]?.body).toMatchObject({ conversation_id: "c1", product: "card" });
    expect(posts("/tickets")[0]?.body).not.toHaveProperty("channel");
  });

  it("that joins a known matter says so and why", async () => {
    const { choose, write, submit, words } = await setUp({
      place: { view: "new", conversation: null },
      answer: ({ path }) =>
        path.endsWith("tickets") ? opened({ joined: true, why: "同一客户，内容相近" }) : null,
    });
    choose("phone");
    write("facts", "年费重复");
    await submit();
    expect(words()).toContain(`这件事已有工单 ${NUMBER}`);
    expect(words()).toContain("同一客户，内容相近");
  });

  it("sent again after a lost answer goes under the same key", async () => {
    let down = true;
    const { choose, write, submit, posts } = await setUp({
      place: { view: "new", conversation: null },
      answer: ({ path }) => {
        if (!path.endsWith("tickets")) return null;
        if (down) throw new TypeError("Failed to fetch");
        return opened();
      },
    });
    choose("phone");
    write("facts", "年费重复");
    await submit();
    down = false;
    await submit();
    const keys = posts("/tickets").map((call) => call.headers.get("Idempotency-Key"));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("keeps what was typed over a reload, and says beside a field what is wrong with it", async () => {
    const answer = ({ path }: { path: string }) =>
      path.endsWith("tickets") ? json({ detail: "不是电话", field: "contact" }, 422) : null;
    const place = { view: "new", conversation: null } as const;
    const first = await setUp({ place, answer });
    first.choose("phone");
    first.write("facts", "年费重复");
    document.body.replaceChildren();
    const { box, submit, words } = await setUp({ place, answer, store: first.store });
    expect(box("facts").value).toBe("年费重复");
    await submit();
    expect(box("contact").getAttribute("aria-invalid")).toBe("true");
    expect(words()).toContain("不是电话");
  });
});
