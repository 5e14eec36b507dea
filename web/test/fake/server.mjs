// The fake bank behind http: static pages with the product's content security policy, the chat's and the desk's wire.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { Bank } from "./bank.mjs";
import { formerTalk } from "./behind.mjs";
import { casesWire } from "./cases-wire.mjs";
import { wallWire } from "./wall-wire.mjs";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = /** @type {Record<string, string>} */ ({
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
});
const PAGE = {
  bank: {
    name: "示范银行",
    hotline: "000-00000",
    sample: true,
    sample_notice: "示范页面，非真实银行，内容均为样例",
  },
  assistant: { name: "小前", banner: "您正在与智能客服对话（非人工），内容由系统按标准话术自动回复" },
  privacy: {
    title: "个人信息处理说明",
    text: "为答复您的咨询、受理投诉，我行会处理您在对话中主动提供的内容。手机号、证件号等会先脱敏再保存。\n对话记录按规定保存，期满删除。您可以要求查询、更正、删除，或撤回同意。\n请勿在对话中发送密码、验证码。",
  },
  hours: "人工服务时间：工作日 9:00–17:00（示例）",
  max_chars: 1000,
  labels: {},
};
const RIGHTS = ["desk", "serve", "read_any", "override", "skills", "wall"];
const USER = {
  csrf_token: "csrf",
  user: { username: "agent1", name: "李敏", roles: ["agent", "supervisor"], rights: RIGHTS },
};
const DESK_PAGE = {
  bank: { name: "示范银行" },
  categories: [
    { id: "wealth", label: "理财业务" },
    { id: "card", label: "银行卡业务" },
  ],
  transfer_queues: [
    { id: "queue:complaints", label: "投诉处理组", free: true },
    { id: "senior", label: "资深坐席", free: false },
  ],
  scripts_url: "/api/desk/scripts",
};
const SCRIPTS = [
  {
    id: "wealth.intro",
    version: 3,
    title: "理财产品购买前提示",
    text: "购买前请先完成风险承受能力评估，并阅读产品说明书。",
    disclosures: [{ id: "wealth", version: 2 }],
  },
  {
    id: "greeting",
    version: 1,
    title: "坐席问候语",
    text: "您好！我是人工客服，很高兴为您服务，请说明您的咨询需求。",
    disclosures: [],
  },
];

/** @typedef {import("node:http").IncomingMessage} Request @typedef {import("node:http").ServerResponse} Response */

export function createFake() {
  const bank = new Bank();
  const cases = casesWire(bank);
  const wall = wallWire();
  const knobs = { streams: true, down: false, signedIn: false };
  /** @type {Set<Response>} */
  const open = new Set();

  /** @param {Response} response @param {number} status @param {unknown} body @param {Record<string, string>} headers */
  const json = (response, status, body, headers = {}) => {
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { "Content-Type": type, ...headers }).end(JSON.stringify(body));
  };

  /** @param {Request} request @returns {Promise<any>} */
  const read = async (request) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    return text ? JSON.parse(text) : {};
  };

  /** @param {Response} response @param {() => string} frames */
  const stream = (response, frames) => {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    let last = "";
    const write = () => {
      const text = frames();
      if (text && text !== last) response.write(text);
      last = text;
    };
    write();
    const beat = setInterval(() => response.write(": beat\n\n"), 5_000);
    bank.listeners.add(write);
    open.add(response);
    response.on("close", () => {
      clearInterval(beat);
      bank.listeners.delete(write);
      open.delete(response);
    });
  };

  /** @param {Request} request @param {Response} response @param {URL} url */
  const chat = async (request, response, url) => {
    if (url.pathname === "/api/chat/page") return json(response, 200, PAGE);
    if (url.pathname === "/api/chat/conversations") {
      const made = bank.create((await read(request)).channel_context ?? {});
      return json(response, 201, { conversation_id: made.id, token: made.token });
    }
    const one = bank.byToken(request.headers.authorization?.replace("Bearer ", ""));
    if (!one) return json(response, 401, { title: "expired", status: 401, detail: "会话凭证无效" });
    if (url.pathname === "/api/chat/messages") {
      const body = await read(request);
      const key = String(request.headers["idempotency-key"]);
      if ((body.text ?? "").length > 1000) {
        return json(response, 422, {
          title: "too long",
          status: 422,
          detail: "内容超过 1000 字，请分段发送。",
        });
      }
      if (!one.keys.has(key)) one.keys.set(key, bank.receive(one, body));
      return json(response, 202, { seq: one.keys.get(key) });
    }
    if (url.pathname === "/api/chat/typing") return json(response, 200, {});
    if (url.pathname === "/api/chat/bind") {
      const { link } = await read(request);
      one.customer ??= link;
      return one.customer === link
        ? json(response, 200, {})
        : json(response, 409, { type: "conflict", title: "another customer's", status: 409 });
    }
    let sent = Number(url.searchParams.get("after") ?? 0);
    const fresh = () => one.events.slice(sent);
    if (request.headers.accept !== "text/event-stream") {
      const answer = { events: fresh(), ...bank.status(one) };
      return json(response, 200, answer);
    }
    if (!knobs.streams) return json(response, 502, { title: "no streams", status: 502 });
    return stream(response, () => {
      const events = fresh().map(
        (/** @type {any} */ event) => `id: ${event.seq}\nevent: event\ndata: ${JSON.stringify(event)}\n\n`,
      );
      sent = one.events.length;
      return `${events.join("")}event: status\ndata: ${JSON.stringify(bank.status(one))}\n\n`;
    });
  };

  /** @param {Request} request @param {Response} response @param {URL} url */
  const desk = async (request, response, url) => {
    const path = url.pathname.replace("/api/desk/", "");
    if (knobs.signedIn && ((await cases(request, response, url)) || (await wall(request, response, url))))
      return;
    const body = request.method === "POST" ? await read(request) : {};
    if (path === "session" && request.method === "POST") {
      if (body.password !== "pw")
        return json(response, 401, { title: "refused", status: 401, detail: "用户名或密码不正确" });
      knobs.signedIn = true;
      return json(response, 200, USER);
    }
    if (path === "page") return json(response, 200, DESK_PAGE);
    if (!knobs.signedIn) return json(response, 401, { title: "signed out", status: 401, detail: "请先登录" });
    if (path === "session") {
      knobs.signedIn = request.method === "GET";
      return json(response, 200, USER);
    }
    if (path === "presence") {
      bank.presence = body.status;
      bank.changed();
      return json(response, 200, {});
    }
    if (path === "replies") {
      const when = ["claim"];
      return json(response, 200, {
        replies: [{ id: "greet", title: "问候", text: "您好！我是李敏。", when }],
      });
    }
    if (path === "news") return json(response, 200, { news: [] });
    if (path === "colleagues") return json(response, 200, { colleagues: [] });
    if (path === "scripts") {
      const q = url.searchParams.get("q") ?? "";
      return json(response, 200, { scripts: SCRIPTS.filter((one) => (one.title + one.text).includes(q)) });
    }
    if (path === "events") {
      return stream(response, () => {
        const mine = [...bank.conversations.values()].filter(
          (one) => one.state === "HUMAN" || one.state === "WRAP_UP",
        );
        const parts = mine.map(
          (one) =>
            `event: conversation\ndata: ${JSON.stringify({ conversation_id: one.id, events: one.events, state: one.state, holder: one.holder, epoch: one.epoch })}\n\n`,
        );
        return `event: desk\ndata: ${JSON.stringify(bank.desk())}\n\n${parts.join("")}`;
      });
    }
    const [, id, action] = path.split("/");
    const one = bank.conversations.get(id ?? "");
    if (!one) return json(response, 404, { title: "unknown", status: 404, detail: "没有这个会话" });
    if (!action) return json(response, 200, bank.snapshot(one));
    if (action === "history") return json(response, 200, formerTalk(one));
    if (action === "check") return json(response, 200, { verdict: "allow", reasons: [], completable: false });
    if (action === "marks") return json(response, 200, { notes: [], tags: [] });
    if (body.epoch !== one.epoch)
      return json(response, 409, {
        title: "stale",
        status: 409,
        detail: "会话已有变化",
        holder: one.holder,
        epoch: one.epoch,
      });
    if (action === "messages") {
      const answer = bank.reply(one, body);
      return json(response, answer.status, answer);
    }
    if (action === "claim") bank.move(one, "HUMAN", "agent1", { text: "人工坐席 李敏（1024）已接入" });
    if (action === "decline" || action === "transfer") bank.move(one, "QUEUED", null);
    if (action === "return") bank.move(one, "BOT", "bot", { text: "已转回智能客服" });
    if (action === "wrapup" && one.state === "HUMAN") {
      bank.move(one, "WRAP_UP", "agent1", { text: "人工服务已结束" });
      bank.append(one, {
        kind: "survey",
        actor: { kind: "system" },
        text: "请您对本次人工服务作出评价",
        choices: [
          { id: "rate_3", label: "满意" },
          { id: "rate_2", label: "一般" },
          { id: "rate_1", label: "不满意" },
        ],
      });
    }
    return json(response, 200, { epoch: one.epoch });
  };

  /** @param {Response} response @param {string} path */
  const file = async (response, path) => {
    const name =
      path === "/desk" || path === "/demo" || path === "/desk/" || path === "/demo/"
        ? `${path.replace(/\/$/, "")}/index.html`
        : path;
    const bytes = await readFile(DIST + name.slice(1)).catch(() => null);
    if (!bytes) return json(response, 404, { title: "not found", status: 404 });
    response
      .writeHead(200, {
        "Content-Type": TYPES[name.split(".").pop() ?? ""] ?? "application/octet-stream",
        "Content-Security-Policy": CSP,
        "Cache-Control": "no-store",
      })
      .end(bytes);
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    const cors = {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Headers": "authorization, content-type, idempotency-key",
      "Access-Control-Expose-Headers": "Retry-After",
    };
    for (const [name, value] of Object.entries(cors)) response.setHeader(name, value);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    if (url.pathname === "/fake/knobs") {
      return void read(request).then((body) => {
        Object.assign(knobs, body);
        if (body.drop || body.down || body.streams === false) for (const one of open) one.destroy();
        if (body.offer)
          for (const one of bank.conversations.values())
            if (one.state === "QUEUED") {
              bank.move(one, "OFFERED", null);
              one.expires_at = new Date(Date.now() + 20_000).toISOString();
              bank.changed();
            }
        json(response, 200, knobs);
      });
    }
    if (knobs.down) return void request.destroy();
    const work = url.pathname.startsWith("/api/chat/")
      ? chat(request, response, url)
      : url.pathname.startsWith("/api/desk/")
        ? desk(request, response, url)
        : file(response, url.pathname);
    work.catch((error) => json(response, 500, { title: "broken", status: 500, detail: String(error) }));
  });
  return {
    server,
    bank,
    knobs,
    drop: () => {
      for (const one of open) one.destroy();
    },
  };
}
