// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import { TODAY } from "../../../src/desk/place";
import { REFRESH_MS } from "../../../src/desk/tickets/cases";
import { promiseDialog } from "../../../src/desk/tickets/views-promise";
import { json } from "../../make";
import { full, NOW, NUMBER, settle, setUp, task } from "./make";

const place = { view: "tasks" } as const;
const alert = (id: number, text: string) => ({
  id,
  at: "2026-11-25T09:00:00+08:00",
  number: NUMBER,
  kind: "breach",
  level: 100,
  text,
});

describe("tasks and alerts", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  it("are mine first, then everybody's, open or done", async () => {
    const { asked, press } = await setUp({ place });
    expect(asked("tasks?")).toEqual(["/api/desk/tasks?state=open&owner=me"]);
    await press("全部");
    await press("已完成");
    expect(asked("tasks?").slice(1)).toEqual([
      "/api/desk/tasks?state=open&owner=all",
      "/api/desk/tasks?state=done&owner=all",
    ]);
  });

  it("show what is due when, and the script", async () => {
    const { words, draw } = await setUp({
      place,
      tasks: [task(), task({ id: 13, person: null, overdue: true })],
    });
    for (const part of ["回访", "还剩2小时", "了解客户意见", "您好，做一次回访。", "无人办理"]) {
      expect(words()).toContain(part);
    }
    expect(draw().querySelector(`a[href="#/tickets/${NUMBER}"]`)).not.toBeNull();
  });

  it("end a visit with the customer's answers", async () => {
    const { press, choose, write, submit, posts, desk } = await setUp({ place, tasks: [task()] });
    await press("完成任务");
    await submit();
    expect(posts("/done")).toHaveLength(0); // Without the answers it is no visit.
    choose("一般");
    write("continuity", "问题没有再出现");
    write("suggestions", "增加窗口");
    write("points", "年费怎么算");
    await submit();
    expect(posts("/tasks/12/done")[0]?.body).toEqual({
      note: "",
      answers: {
        reached: true,
        satisfaction: "一般",
        continuity: "问题没有再出现",
        suggestions: "增加窗口",
        points: "年费怎么算",
      },
    });
    expect(desk.toast).toBe(zh.task_ended);
  });

  it("note that nobody was reached, and ask no answers then", async () => {
    const { press, choose, submit, posts, draw, desk } = await setUp({ place, tasks: [task()] });
    await press("完成任务");
    choose("no");
    expect(draw().querySelector('[name="continuity"]')).toBeNull();
    await submit();
    expect(posts("/tasks/12/done")[0]?.body).toEqual({ note: "", answers: { reached: false } });
    expect(desk.toast).toBe(zh.task_tried);
  });

  it("of other kinds end with a note", async () => {
    const { press, write, submit, posts } = await setUp({ place, tasks: [task({ kind: "report" })] });
    await press("完成任务");
    write("note", "已寄出");
    await submit();
    expect(posts("/done")[0]?.body).toEqual({ note: "已寄出" });
  });

  it("are taken, and whoever was faster is named", async () => {
    const { press, desk } = await setUp({
      place,
      tasks: [task({ person: null })],
      answer: ({ path }) => (path.endsWith("/12/take") ? json({ detail: "已有人办理" }, 409) : null),
    });
    await press("由我办理");
    expect(desk.toast).toBe("已有人办理");
  });

  it("stand on their case's page too, one form at a time with its acts", async () => {
    const { press, draw, asked, choose, submit } = await setUp({
      place: { view: "ticket", number: NUMBER },
      ticket: () => full({ tasks: [task()] }),
    });
    await press("添加备注");
    await press("完成任务");
    expect(draw().querySelectorAll(".case-form")).toHaveLength(1);
    choose("no");
    await submit();
    expect(asked(`tickets/${NUMBER}`)).toHaveLength(2);
  });

  it("keep what was typed over a reload", async () => {
    const first = await setUp({ place, tasks: [task({ kind: "report" })] });
    await first.press("完成任务");
    first.write("note", "写到一半");
    document.body.replaceChildren();
    const { press, box, button } = await setUp({
      place,
      tasks: [task({ kind: "report" })],
      store: first.store,
    });
    expect(button("完成任务").textContent).toContain("有草稿");
    await press("完成任务");
    expect(box("note").value).toBe("写到一半");
  });

  it("call out a new alert once, wherever one is; at sign-in they are only counted", async () => {
    let alerts = [alert(1, "办结已超时")];
    const { desk, rung } = await setUp({ place: TODAY, alerts: () => alerts });
    expect([desk.cases.alerts.rows.length, desk.cases.announcement, rung]).toEqual([1, "", []]);
    expect(desk.cases.alerts.stale).toBe(false);
    alerts = [alert(2, "群体投诉"), ...alerts];
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect([desk.cases.announcement, rung]).toEqual(["新提醒：群体投诉", ["message"]]);
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
    expect(rung).toEqual(["message"]);
  });

  it("put an alert away that was seen, and bring it back if the server did not hear of it", async () => {
    let down = false;
    const alerts = () => [alert(1, "办结已超时")];
    const { press, posts, words } = await setUp({
      place,
      alerts,
      answer: ({ path }) => (down && path.endsWith("/seen") ? json({}, 503) : null),
    });
    down = true;
    await press("知道了");
    expect(words()).toContain("办结已超时");
    down = false;
    await press("知道了");
    expect(posts("/alerts/1/seen")).toHaveLength(2);
    expect(words()).not.toContain("办结已超时");
  });

  it("come from a promise in a conversation", async () => {
    const { desk, draw, posts, page } = await setUp({ place: TODAY });
    desk.cases.slot.open("promise:c1");
    draw(promiseDialog);
    const fill = (name: string, value: string) => {
      const box = page.querySelector<HTMLInputElement>(`[name="${name}"]`);
      if (!box) throw new Error(name);
      box.value = value;
      box.dispatchEvent(new Event("input"));
    };
    fill("text", "明天回电");
    fill("due_at", "2026-11-26T10:00");
    page.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    await settle();
    expect(posts("/tasks")[0]?.body).toEqual({
      conversation_id: "c1",
      text: "明天回电",
      due_at: "2026-11-26T10:00:00+08:00",
    });
    expect([desk.cases.promising, desk.toast]).toEqual([null, zh.promise_saved]);
  });
});
