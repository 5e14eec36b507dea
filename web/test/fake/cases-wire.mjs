// The fake bank's cases behind http: /api/desk/tickets, /tasks, /alerts.
import { OPTIONS } from "./case-samples.mjs";
import { Cases, Refused } from "./cases.mjs";

/** @typedef {import("node:http").IncomingMessage} Request @typedef {import("node:http").ServerResponse} Response @typedef {Record<string, any>} Any */

/** Answers what is about cases; false for all else. @param {import("./bank.mjs").Bank} bank */
export function casesWire(bank) {
  const cases = new Cases();

  /** @param {Request} request @returns {Promise<Buffer>} */
  const bytes = async (request) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    return Buffer.concat(parts);
  };

  /** @param {Request} request @param {URL} url @param {string[]} path @returns {Promise<[number, unknown]>} */
  const answer = async (request, url, [kind = "", id = "", deed = "", more = ""]) => {
    const raw = request.method === "POST" ? await bytes(request) : Buffer.alloc(0);
    if (kind === "tickets" && deed === "files" && request.method === "POST") {
      const head = raw.toString("latin1", 0, 600);
      const name = Buffer.from(/filename="([^"]*)"/.exec(head)?.[1] ?? "file", "latin1").toString("utf8");
      return [201, cases.addFile(id, name, /Content-Type: (\S+)/i.exec(head)?.[1] ?? "", raw.length)];
    }
    const body = raw.length > 0 ? JSON.parse(raw.toString("utf8")) : {};
    if (kind === "alerts") {
      if (deed === "seen") cases.alerts = cases.alerts.filter((one) => one.id !== Number(id));
      return [200, { alerts: cases.alerts }];
    }
    if (kind === "tasks") return tasks(request, url, id, deed, body);
    if (id === "options") return [200, OPTIONS];
    if (id === "prefill") return [200, prefill(url.searchParams.get("conversation_id") ?? "")];
    if (!id && request.method === "POST") {
      return [201, cases.open(body, String(request.headers["idempotency-key"]))];
    }
    if (!id) return [200, cases.list(url.searchParams)];
    if (!deed) return [200, cases.full(cases.find(id))];
    if (deed === "files") return [200, { file: more }];
    return [200, cases.act(id, deed, body)];
  };

  /** @param {Request} request @param {URL} url @param {string} id @param {string} deed @param {Any} body @returns {[number, unknown]} */
  const tasks = (request, url, id, deed, body) => {
    if (!id && request.method === "POST") return [201, cases.addTask({ kind: "promise", ...body })];
    if (!id) {
      const open = url.searchParams.get("state") !== "done";
      const mine = url.searchParams.get("owner") !== "all";
      const rows = cases.tasks.map((one) => cases.task(one)).filter((one) => one.open === open);
      return [200, { tasks: rows.filter((one) => !mine || one.person?.id === "agent1") }];
    }
    if (deed === "done") return [200, cases.finish(Number(id), body)];
    const task = cases.tasks.find((one) => one.id === Number(id));
    if (task) task.person = { id: "agent1", label: "李敏" };
    return [200, {}];
  };

  /** @param {string} id */
  const prefill = (id) => {
    const said = (bank.conversations.get(id)?.events ?? [])
      .filter((/** @type {Any} */ event) => event.actor.kind === "customer")
      .map((/** @type {Any} */ event) => event.text);
    return {
      ...{ name: "", contact: "〔手机·尾号8000〕", facts: said.join("\n"), request: "", basis: "" },
      ...{ product: "理财产品", amount: "", branch: "示范银行城东支行", on_behalf: "", representatives: [] },
      ...{ customer_type: "personal", prefers: "", severity: "" },
    };
  };

  /** @param {Request} request @param {Response} response @param {URL} url @returns {Promise<boolean>} */
  return async (request, response, url) => {
    const path = url.pathname.replace("/api/desk/", "").split("/");
    if (!["tickets", "tasks", "alerts"].includes(path[0] ?? "")) return false;
    if (path[1] === "export") {
      const lines = cases
        .filtered(url.searchParams)
        .map((one) => [one.number, one.severity, one.title].join(","));
      response.writeHead(200, {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="tickets.csv"',
      });
      response.end(`\uFEFF编号,级别,事由\n${lines.join("\n")}\n`);
      return true;
    }
    try {
      const [status, body] = await answer(request, url, path);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const type = { "Content-Type": "application/problem+json" };
      response.writeHead(error.status, type).end(JSON.stringify(error.body));
    }
    return true;
  };
}
