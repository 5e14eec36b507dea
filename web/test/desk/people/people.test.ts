// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { en } from "../../../src/desk/labels.en";
import { type Call, json } from "../../make";
import { NOW, type Start, settle, setUp } from "../tickets/make";

const MEI = {
  username: "mei",
  name: "客服001",
  roles: ["senior"],
  skills: ["consult"],
  limit: 3,
  presence: "ready",
  disabled: false,
  locked_until: null,
};
const PEOPLE = {
  people: [MEI, { ...MEI, username: "lin", name: "客服002", roles: [], disabled: true }],
  offered: {
    roles: ["agent", "senior", "admin"],
    skills: [
      { id: "consult", label: "咨询组" },
      { id: "loans", label: "贷款" },
    ],
    limit: 3,
  },
};
const SESSION = {
  id: "s1",
  created_at: "2026-11-25T08:00:00+08:00",
  seen_at: "2026-11-25T09:59:00+08:00",
  browser: "Firefox",
  current: false,
};

describe("accounts in the console", () => {
  let sent: Call[] = [];
  let refuse: ((call: Call) => Response | null) | null = null;

  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
    sent = [];
    refuse = null;
  });
  afterEach(() => {
    vi.useRealTimers();
    document.body.replaceChildren();
  });

  const at = (rights: string[], place: "people" | "audit" = "people", more: Start = {}) =>
    setUp({
      place: { view: place },
      answer: (call) => {
        const path = call.path.replace("/api/desk/", "");
        if (path === "session") {
          return json({ csrf_token: "secret", user: { username: "ada", name: "管理员", roles: [], rights } });
        }
        if (call.method !== "GET") sent.push(call);
        const refused = refuse?.(call);
        if (refused) return refused;
        if (path === "sessions")
          return json({ sessions: [{ ...SESSION, id: "own", current: true }, SESSION] });
        if (path === "people") return json(PEOPLE);
        if (path.endsWith("/sessions")) return json({ sessions: [SESSION] });
        if (path.startsWith("audit")) {
          const later = path.includes("after=");
          const entry = {
            id: later ? 1 : 9,
            at: "2026-11-25T09:00:00+08:00",
            actor: "ada",
            action: "desk:account:change",
            subject: "agent:mei",
            detail: { limit: [3, later ? 1 : 2] },
          };
          return json({ entries: [entry], next: later ? null : 9 });
        }
        return null;
      },
      ...more,
    });

  const submit = async (page: Element, nth: number) => {
    const form = page.querySelectorAll<HTMLFormElement>("form")[nth];
    if (!form) throw new Error(`no form ${nth}`);
    form.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    await settle();
    await settle();
  };

  it("shows an agent his own sign-ins and password, and nobody else's", async () => {
    const { draw } = await at(["desk", "serve"]);
    const page = draw();
    expect(page.textContent).toContain("本次登录");
    expect(page.textContent).not.toContain("全部账号");
    expect(page.querySelectorAll("form")).toHaveLength(1);
    expect([...page.querySelectorAll("[name=old], [name=password]")]).toHaveLength(2);
  });

  it("ends another of one's own sessions", async () => {
    const { press } = await at(["desk"]);
    await press("结束这次登录");
    expect(sent.map((call) => [call.method, call.path])).toEqual([["DELETE", "/api/desk/sessions/s1"]]);
  });

  it("says beside the form why a password was refused, and keeps what was typed", async () => {
    const { draw } = await at(["desk"]);
    refuse = (call) =>
      call.path.endsWith("/password")
        ? json({ detail: "密码至少12位，请再长一些。", field: "password" }, 422)
        : null;
    const old = draw().querySelector<HTMLInputElement>("[name=old]");
    if (!old) throw new Error("no box");
    old.value = "the old one";
    await submit(draw(), 0);
    expect(draw().querySelector("form [role=alert]")?.textContent).toBe("密码至少12位，请再长一些。");
    expect(old.value).toBe("the old one");
  });

  it("lists everybody with state, roles and skills in words", async () => {
    const { draw } = await at(["desk", "skills"]);
    const rows = [...draw().querySelectorAll("section[aria-labelledby=people-all] tbody tr")];
    expect(rows.map((row) => row.textContent?.replace(/\s+/g, " ").trim())).toEqual([
      "mei 客服001 在线 资深坐席 咨询组 3 修改客服001",
      "lin 客服002 已停用 坐席 咨询组 3 修改客服002",
    ]);
  });

  it("lets a supervisor change skills and limit, and sends only what is another than before", async () => {
    const { draw, press } = await at(["desk", "serve", "skills"]);
    await press("修改客服001");
    const page = draw();
    expect(page.querySelector("[name=name], [name=roles]")).toBeNull();
    expect(page.textContent).not.toContain("停用后");
    const limit = page.querySelector<HTMLInputElement>("[name=limit]");
    if (!limit) throw new Error("no box");
    limit.value = "1";
    await submit(page, 1);
    expect(sent.map((call) => [call.method, call.path, call.body])).toEqual([
      ["PATCH", "/api/desk/people/mei", { limit: 1 }],
    ]);
    expect(draw().querySelector("[role=status]")?.textContent).toBe("已保存。");
  });

  it("lets an admin disable, enable and end a session", async () => {
    const { press } = await at(["desk", "skills", "people"]);
    await press("修改客服001");
    await press("停用");
    await press("修改客服002");
    await press("启用");
    expect(sent.map((call) => call.path)).toEqual([
      "/api/desk/people/mei/disable",
      "/api/desk/people/lin/enable",
    ]);
  });

  it("makes an account, and opens it", async () => {
    const { draw, desk, asked } = await at(["desk", "skills", "people"]);
    const before = asked("people").length;
    const form = draw().querySelectorAll<HTMLFormElement>("form")[1];
    if (!form) throw new Error("no form");
    const type = (name: string, value: string) => {
      const box = form.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (box) box.value = value;
    };
    type("username", " wang ");
    type("name", "王003");
    type("password", "a long password");
    const role = form.querySelector<HTMLInputElement>("[value=senior]");
    if (role) role.checked = true;
    await submit(draw(), 1);
    expect(sent[0]?.body).toEqual({
      username: "wang",
      name: "王003",
      password: "a long password",
      roles: ["senior"],
    });
    expect(desk.people.opened).toBe("wang");
    expect(asked("people").slice(before)).toEqual(["/api/desk/people", "/api/desk/people/wang/sessions"]);
    expect(draw().querySelector("[role=status]")?.textContent).toBe("账号已建立。");
  });

  it("every box has a label, and the lists are tables with headings", async () => {
    const { draw, press } = await at(["desk", "skills", "people"], "people", { labels: en });
    await press("Change 客服001");
    const page = draw();
    for (const box of page.querySelectorAll("input, select"))
      expect(box.closest("label"), box.outerHTML).not.toBeNull();
    for (const table of page.querySelectorAll("table"))
      expect(table.querySelector("th[scope=col]")).not.toBeNull();
    expect(page.textContent).toContain("Senior agent");
  });

  it("nothing stays in the page when somebody has signed out", async () => {
    const { desk } = await at(["desk", "skills", "people", "audit"]);
    expect(desk.people.people).toHaveLength(2);
    await desk.signOut();
    expect([desk.people.people, desk.people.own, desk.people.entries]).toEqual([[], [], []]);
  });

  describe("the audit log", () => {
    it("is not said to be empty before it has been read", async () => {
      const { draw, desk } = await at(["desk", "audit"]);
      refuse = ({ path }) => (path.includes("/audit?") ? json({ entries: [], next: null }) : null);
      const read = async (going: () => void) => {
        going();
        const before = draw().textContent?.includes("没有符合的记录");
        await settle();
        return [before, draw().textContent?.includes("没有符合的记录")];
      };
      expect(await read(() => desk.where.follow("#/audit"))).toEqual([false, true]);
      expect(await read(() => void desk.people.look({ actor: "bert", subject: "", action: "" }))).toEqual([
        false,
        true,
      ]);
    });

    it("is read newest first, filtered, and page by page", async () => {
      const { draw, press, asked } = await at(["desk", "audit"], "audit");
      expect(draw().querySelector("tbody")?.textContent).toContain("limit: 3 → 2");
      expect(draw().querySelector("tbody")?.textContent).toContain("修改了账号");
      await press("更早的");
      expect(draw().querySelectorAll("tbody tr")).toHaveLength(2);
      const actor = draw().querySelector<HTMLInputElement>("[name=actor]");
      if (actor) actor.value = "ada";
      await submit(draw(), 0);
      expect(asked("audit?")).toEqual([
        "/api/desk/audit?limit=50",
        "/api/desk/audit?limit=50&after=9",
        "/api/desk/audit?limit=50&actor=ada",
      ]);
    });

    it("is for those who have the right, and has no button that changes anything", async () => {
      const { desk } = await at(["desk", "serve"], "audit");
      expect(desk.where.place.view).toBe("talks");
      expect(desk.where.entries.map((one) => one.view)).not.toContain("audit");
      const { draw } = await at(["desk", "audit"], "audit");
      expect([...draw().querySelectorAll("button")].map((one) => one.textContent?.trim())).toEqual([
        "查看",
        "更早的",
      ]);
    });
  });
});
