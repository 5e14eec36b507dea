// Complaint cases of the fake bank: lists by filters, acts on a version, tasks, alerts. Rules only as far as pages need them.
import { at, CHANNELS, OPTIONS, STATES, sampleAlerts, sampleCases, sampleTasks } from "./case-samples.mjs";

/** @typedef {Record<string, any>} Any */

const ME = { id: "agent1", label: "李敏" };
const PAUSABLE = new Set(["ACCEPTED", "ASSIGNED", "INVESTIGATING", "PROPOSED"]);
const MOVES = /** @type {Record<string, string>} */ ({
  take: "ASSIGNED",
  accept: "ACCEPTED",
  assign: "ASSIGNED",
  investigate: "INVESTIGATING",
  propose: "PROPOSED",
  resolve: "RESOLVED",
  close: "CLOSED",
  done: "CLOSED",
  withdraw: "WITHDRAWN",
  appeal: "REOPENED",
});
const ENDED = new Set(["RESOLVED", "CLOSED", "WITHDRAWN"]);

/** An error with problem details. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail @param {Any} more */
  constructor(status, detail, more = {}) {
    super(detail);
    this.status = status;
    this.body = { title: "refused", status, detail, ...more };
  }
}

export class Cases {
  /** @type {Any[]} */
  all = sampleCases();
  tasks = sampleTasks();
  /** @type {Any[]} */
  alerts = sampleAlerts();
  keys = new Map();
  ids = 100;

  nextId() {
    this.ids += 1;
    return this.ids;
  }

  /** @param {string} number */
  find(number) {
    const one = this.all.find((other) => other.number === number);
    if (!one) throw new Refused(404, "没有这张工单");
    return one;
  }

  /** @param {Any} one @returns {Any} */
  brief(one) {
    const open = one.clocks
      .filter((/** @type {Any} */ clock) => clock.state === "open")
      .sort((/** @type {Any} */ a, /** @type {Any} */ b) => Date.parse(a.due_at) - Date.parse(b.due_at));
    const next = open[0] ?? null;
    const due = (/** @type {string} */ kind) =>
      one.clocks.find((/** @type {Any} */ clock) => clock.kind === kind)?.due_at ??
      next?.due_at ??
      one.opened_at;
    const { number, kind, severity, repeat, group, state, owner, owner_user, channel } = one;
    const { facts, title, reason, conversation_id, opened_at, provisional } = one;
    return {
      ...{ number, kind, severity, repeat, group, state, owner, owner_user, channel },
      ...{ facts, title, reason, conversation_id, opened_at, provisional },
      state_label: STATES[state],
      taken_by: owner_user?.label ?? null,
      mine: owner_user?.id === ME.id,
      may_work: true,
      channel_label: CHANNELS[channel],
      due: due("resolution"),
      first_response_due: due("first_response"),
      overdue: next ? Date.parse(next.due_at) < Date.now() : false,
      paused: one.pause !== null,
      next: next && { kind: next.kind, label: next.label, due_at: next.due_at, breached: next.breached },
    };
  }

  /** @param {Any} one */
  full(one) {
    const { secret: _, ...all } = one;
    return {
      ...all,
      ...this.brief(one),
      updated_at: one.timeline.at(-1)?.at ?? one.opened_at,
      tasks: this.tasks.filter((task) => task.number === one.number).map((task) => this.task(task)),
      allowed: this.allowed(one),
    };
  }

  /** @param {Any} one */
  allowed(one) {
    if (one.kind === "callback")
      return ENDED.has(one.state) ? ["contact"] : ["take", "contact", "done", "note"];
    if (one.state === "CLOSED" || one.state === "WITHDRAWN") return ["contact", "note", "appeal", "quality"];
    if (one.state === "RESOLVED") return ["contact", "told", "report", "close", "note", "appeal", "subtask"];
    const first =
      one.state === "NEW"
        ? ["take", "accept"]
        : ["investigate", "respond", "propose", "agreed", "resolve", "told"];
    const pause = one.pause ? ["resume"] : PAUSABLE.has(one.state) ? ["pause"] : [];
    const rest = [
      "assign",
      "note",
      "promise",
      "subtask",
      "severity",
      "classify",
      "correct",
      "accused",
      "extend",
      "withdraw",
    ];
    return [...first, ...pause, ...rest, "contact"];
  }

  /** @param {URLSearchParams} asked */
  filtered(asked) {
    const state = asked.get("state") ?? "open";
    const [owner, due, q] = [asked.get("owner"), asked.get("due"), asked.get("q")];
    return this.all
      .map((one) => this.brief(one))
      .filter((one) => state === "all" || ENDED.has(one.state) === (state === "ended"))
      .filter((one) =>
        ["kind", "severity", "channel"].every((name) => !asked.get(name) || asked.get(name) === one[name]),
      )
      .filter(
        (one) =>
          !owner ||
          (owner === "none" ? !one.owner_user : one.owner_user?.id === (owner === "me" ? ME.id : owner)),
      )
      .filter((one) => !due || this.dueIn(one, due))
      .filter((one) => !q || `${one.number}${one.facts}`.includes(q))
      .sort((a, b) =>
        state === "open" ? Date.parse(a.due) - Date.parse(b.due) : b.number.localeCompare(a.number),
      );
  }

  /** @param {Any} one @param {string} due */
  dueIn(one, due) {
    const left = one.next ? Date.parse(one.next.due_at) - Date.now() : Number.POSITIVE_INFINITY;
    return due === "overdue" ? left < 0 : left < (due === "today" ? 1 : 7) * 86_400_000;
  }

  /** @param {URLSearchParams} asked */
  list(asked) {
    const rows = this.filtered(asked);
    const from = rows.findIndex((one) => one.number === asked.get("after")) + 1;
    const limit = Number(asked.get("limit") ?? 50);
    const tickets = rows.slice(from, from + limit);
    return { tickets, next: from + limit < rows.length ? (tickets.at(-1)?.number ?? null) : null };
  }

  /** @param {string} number @param {string} act @param {Any} body */
  act(number, act, body) {
    const one = this.find(number);
    if (act === "contact") return { contact: one.secret };
    if (body.version !== undefined && body.version !== one.version) {
      throw new Refused(409, "工单已被他人更新，请刷新后再试。");
    }
    if (!this.allowed(one).includes(act)) throw new Refused(409, "工单现在的状态不能办理这一步。");
    this.guard(body);
    if (MOVES[act]) one.state = MOVES[act];
    if (act === "take") one.owner_user = ME;
    if (act === "assign")
      one.owner_user = OPTIONS.staff.find((staff) => staff.id === body.to) ?? one.owner_user;
    if (act === "severity") one.severity = body.severity;
    if (act === "classify")
      Object.assign(one, {
        classes: body.classes,
        group: body.group,
        root_cause: body.root_cause,
        proposed_classes: false,
      });
    if (act === "correct") {
      const { version: _, reason: __, name: ___, contact, ...fields } = body;
      const product = OPTIONS.products.find((known) => known.id === fields.product)?.label ?? fields.product;
      Object.assign(one.fields, fields, { product });
      if (contact) Object.assign(one, { contact: `〔手机·尾号${contact.slice(-4)}〕`, secret: contact });
    }
    if (act === "accused") one.accused = OPTIONS.staff.filter((staff) => body.usernames.includes(staff.id));
    if (act === "pause") one.pause = { since: at(0), reason: body.reason };
    if (act === "resume") one.pause = null;
    if (act === "propose") one.proposal = { text: body.text, at: at(0), agreed: null };
    if (act === "agreed" && one.proposal) one.proposal.agreed = body.agreed;
    if (act === "resolve") one.result = body;
    if (act === "promise" || act === "subtask")
      this.addTask({ number, kind: act, text: body.text, due_at: body.due_at });
    if (act === "respond") this.stop(one, "first_response");
    if (act === "told")
      for (const task of this.tasks)
        if (task.number === number && task.what?.id === body.what) task.done_at = at(0);
    if (MOVES[act] && ENDED.has(one.state)) for (const clock of one.clocks) this.stop(one, clock.kind);
    this.note(one, act, body.text ?? body.note ?? body.reason ?? body.analysis ?? body.handling ?? "");
    return this.full(one);
  }

  /** @param {Any} body */
  guard(body) {
    for (const [field, text] of Object.entries(body)) {
      if (typeof text !== "string" || !/理财/.test(text) || text.includes("理财非存款")) continue;
      throw new Refused(422, "内容涉及理财产品，缺少法定风险提示。", {
        field,
        rules: ["missing:wealth"],
        reasons: ["内容涉及理财产品，必须完整包含理财风险提示。"],
        completed_text: `${text}\n\n理财非存款，产品有风险，投资须谨慎。（示例）`,
        confirmable: false,
      });
    }
  }

  /** @param {Any} one @param {string} kind */
  stop(one, kind) {
    for (const clock of one.clocks) {
      if (clock.kind === kind && clock.state === "open")
        Object.assign(clock, { state: "done", done_at: at(0) });
    }
  }

  /** @param {Any} one @param {string} action @param {string} text */
  note(one, action, text) {
    one.version += 1;
    one.timeline.push({ at: at(0), actor: ME.label, action, label: action, text });
  }

  /** @param {Any} body @param {string} key */
  open(body, key) {
    if (this.keys.has(key)) return this.keys.get(key);
    if (!body.facts) throw new Refused(422, "请填写事实经过。", { field: "facts" });
    const known = this.all.find((one) => one.facts.includes(body.facts) && one.kind === "complaint");
    const number = known?.number ?? `TS20261130-${String(this.nextId()).padStart(6, "0")}`;
    if (!known) {
      /** @type {Any} */
      const made = {
        ...sampleCases()[1],
        number,
        facts: body.facts,
        title: body.facts.slice(0, 24),
        state: "ACCEPTED",
      };
      const fields = {
        ...made.fields,
        request: body.request,
        basis: body.basis,
        amount: body.amount,
        branch: body.branch,
      };
      this.all.push({
        ...made,
        fields,
        channel: body.channel ?? "web",
        conversation_id: body.conversation_id ?? null,
      });
    }
    const why = known ? "同一客户，内容相近" : "";
    const answer = { number, joined: Boolean(known), why, ticket: this.full(this.find(number)) };
    this.keys.set(key, answer);
    return answer;
  }

  /** @param {string} number @param {string} name @param {string} type @param {number} size */
  addFile(number, name, type, size) {
    const one = this.find(number);
    if (!OPTIONS.files.types.includes(type)) throw new Refused(415, "这种文件不能上传。");
    if (size > OPTIONS.files.max_bytes) throw new Refused(413, "文件太大。");
    const file = { id: this.nextId(), name, type, size, at: at(0), by: ME.label };
    one.files.push(file);
    this.note(one, "file", name);
    return file;
  }

  /** @param {Any} task @returns {Any} */
  task(task) {
    const open = task.done_at === null;
    return { ...task, open, overdue: open && Date.parse(task.due_at) < Date.now() };
  }

  /** @param {Any} more */
  addTask(more) {
    const label = more.kind === "subtask" ? "协办" : "承诺";
    const made = {
      ...sampleTasks()[1],
      id: this.nextId(),
      conversation_id: null,
      number: null,
      title: "",
      label,
      ...more,
    };
    this.tasks.push(made);
    return { id: made.id };
  }

  /** @param {number} id @param {Any} body */
  finish(id, body) {
    const task = this.tasks.find((one) => one.id === id);
    if (!task) throw new Refused(404, "没有这个任务");
    if (body.answers?.reached === false) task.text = `${task.text}（未联系上一次）`;
    else Object.assign(task, { done_at: at(0), answers: body.answers ?? { note: body.note } });
    return {};
  }
}
