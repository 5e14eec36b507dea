// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { REFRESH_MS } from "../../../src/desk/tickets/cases";
import { json } from "../../make";
import { full, NUMBER, onOnePage, open, refusing, settle } from "./make";

describe("a case on its page", () => {
  onOnePage();

  it("shows clocks with how much of their time has gone, and says what was missed", async () => {
    const clock = {
      kind: "first_response",
      starts_at: "2026-11-25T09:00:00+08:00",
      opens_at: null,
      done_at: null,
      breached: false,
      state: "open" as const,
      pausable: false,
      provisional: false,
    };
    const { draw, words } = await open({
      ticket: () =>
        full({
          clocks: [
            { ...clock, id: 1, label: "首次答复", due_at: "2026-11-25T13:00:00+08:00", percent: 25 },
            {
              ...clock,
              id: 2,
              label: "办结",
              due_at: "2026-11-25T09:00:00+08:00",
              percent: 140,
              breached: true,
            },
            {
              ...clock,
              id: 3,
              label: "回执",
              due_at: "2026-11-25T09:30:00+08:00",
              percent: 50,
              state: "done",
            },
          ],
        }),
    });
    const bars = [...draw().querySelectorAll("progress")];
    expect(bars.map((one) => one.value)).toEqual([25, 100, 50]);
    expect(bars[1]?.getAttribute("aria-label")).toBe("办结：已用时 140%");
    for (const part of ["还剩3小时", "已超时1小时", "按时完成"]) expect(words()).toContain(part);
  });

  it("is read again every half minute without touching what is being typed", async () => {
    const { press, write, box, asked } = await open();
    await press("添加备注");
    write("text", "正在写");
    const typed = box("text");
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect(asked(`tickets/${NUMBER}`)).toHaveLength(2);
    expect(box("text")).toBe(typed);
    expect(typed.value).toBe("正在写");
  });

  it("does not fall back to an older version that comes late", async () => {
    let version = 9;
    const { desk } = await open({ ticket: () => full({ version }) });
    version = 8;
    await desk.cases.page.load();
    expect(desk.cases.page.full?.version).toBe(9);
  });

  it("shows the customer's number on demand only, and for a minute", async () => {
    const { words, press, posts } = await open();
    expect(words()).toContain("王〔手机·尾号8000〕");
    expect(words()).not.toContain("13800138000");
    await press("查看联系方式");
    expect(posts("/contact")[0]?.body).toEqual({});
    expect(words()).toContain("13800138000");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(words()).not.toContain("13800138000");
  });

  it("that is not shown to me says so", async () => {
    const { words, draw } = await open({ answer: refusing(NUMBER, { detail: "没有这张工单" }, 404) });
    expect(words()).toContain("没有这张工单");
    expect(draw().querySelector(".acts")).toBeNull();
  });

  it("shows the customer's former complaints, the words of one only where the server gave them", async () => {
    const hidden = {
      number: "TS20261001-000003",
      title: "",
      opened_at: "2026-10-01T09:00:00+08:00",
      state_label: "已关闭",
    };
    const { words, draw } = await open({ ticket: () => full({ earlier: [...full().earlier, hidden] }) });
    expect(words()).toContain("等了两个小时没人管");
    const links = [...draw().querySelectorAll<HTMLAnchorElement>(".linked li li a")].map(
      (one) => one.textContent,
    );
    expect(links).toEqual(["TS20261101-000009", "TS20261001-000003"]);
  });

  it("leads to its conversations and to the case it repeats", async () => {
    const { draw, words } = await open({
      ticket: () =>
        full({
          repeat_of: "TS20261101-000009",
          linked: [
            {
              conversation_id: "c2",
              channel_label: "微信",
              at: "2026-11-24T09:00:00+08:00",
              why: "同一联系方式",
            },
          ],
        }),
    });
    expect(words()).toContain("同一联系方式");
    expect(draw().querySelector('a[href="#/tickets/TS20261101-000009"]')).not.toBeNull();
    const link = [...draw().querySelectorAll("a")].find((one) => one.textContent?.includes("微信会话"));
    expect(link?.getAttribute("href")).toBe("#/talks/c2");
  });

  describe("a file", () => {
    const file = (size: number, type = "image/jpeg") => new File(["x".repeat(size)], "回单.jpg", { type });

    it("is sent as a form with the token, and listed with its address", async () => {
      let sent: FormData | null = null;
      const { desk, posts, draw, words } = await open({
        ticket: () =>
          full({
            files: [
              {
                id: 3,
                name: "回单.jpg",
                type: "image/jpeg",
                size: 2048,
                at: "2026-11-25T09:00:00+08:00",
                by: "李敏",
              },
            ],
          }),
        answer: (call) => {
          if (!call.path.endsWith("/files")) return null;
          sent = call.form;
          return json({ id: 3 }, 201);
        },
      });
      expect(await desk.cases.page.upload(file(10))).toBe(true);
      await settle();
      expect((sent as FormData | null)?.get("file")).toBeInstanceOf(File);
      expect(posts("/files")[0]?.headers.get("X-CSRF-Token")).toBe("secret");
      expect(posts("/files")[0]?.headers.get("Content-Type")).toBeNull();
      expect(draw().querySelector(".files a")?.getAttribute("href")).toBe(
        `/api/desk/tickets/${NUMBER}/files/3`,
      );
      expect(words()).toContain("2 KB");
    });

    it("too large, empty or of a strange type is not sent at all", async () => {
      const { desk, posts, words } = await open();
      for (const [one, why] of [
        [file(11 * 1024 * 1024), "文件太大（11 MB），不能超过 10 MB。"],
        [file(0), "这个文件是空的。"],
        [file(10, "text/html"), "可以上传：JPEG、PDF"],
      ] as const) {
        await desk.cases.page.upload(one);
        expect(words()).toContain(why);
      }
      expect(posts("/files")).toHaveLength(0);
    });

    it("refused by the server says why", async () => {
      const { desk, words } = await open({ answer: refusing("files", { detail: "内容不是图片" }, 415) });
      await desk.cases.page.upload(file(10));
      expect(words()).toContain("内容不是图片");
    });
  });
});
