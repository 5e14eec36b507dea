// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { zh } from "../../../src/desk/labels.zh";
import type { CloseForm } from "../../../src/desk/model";
import { type DialogKind, dialogView } from "../../../src/desk/views-dialogs";
import { type Call, json } from "../../make";
import { NOW, scene, settle, words } from "./make";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(NOW) });
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

const TO = [
  { id: "queue:complaints", label: "投诉处理组" },
  { id: "agent:zhao", label: "赵强" },
  { id: "agent:bert", label: "王芳" },
];

async function dialog(kind: DialogKind, answer: (call: Call) => Response | null = () => null) {
  const made = await scene({ answer });
  const closed: CloseForm[] = [];
  const passed: unknown[][] = [];
  const draw = () =>
    made.draw(() =>
      dialogView({
        kind,
        labels: zh,
        page: { ...made.desk.page, transfer_queues: TO },
        colleagues: made.desk.tools.colleagues.now(),
        busy: false,
        cancel: () => undefined,
        close: (form) => void closed.push(form),
        transfer: (...said) => void passed.push(said),
        giveBack: () => undefined,
        takeOver: () => undefined,
      }),
    );
  const page = draw();
  const form = page.querySelector("form") as HTMLFormElement;
  const write = (name: string, value: string) => {
    (form.elements.namedItem(name) as HTMLInputElement).value = value;
  };
  const submit = () => form.dispatchEvent(new SubmitEvent("submit", { cancelable: true, bubbles: true }));
  const options = () => [...draw().querySelectorAll("option")].map(words);
  return { ...made, closed, passed, form, write, submit, options };
}

describe("the wrap-up form", () => {
  it("carries what is to follow with its date, in the bank's time", async () => {
    const { form, write, submit, closed } = await dialog("close");
    for (const radio of form.querySelectorAll<HTMLInputElement>("[type=radio]"))
      radio.checked = radio.value === "follow_up";
    write("category", "loan_rate");
    write("follow_up_text", "核实后回电");
    write("follow_up_due", "2026-11-23T10:00");
    submit();
    expect(closed).toEqual([
      {
        result: "follow_up",
        category: "loan_rate",
        note: "",
        follow_up: { text: "核实后回电", due_at: "2026-11-23T10:00:00+08:00" },
      },
    ]);
  });

  it("asks for words and date together", async () => {
    const { form, write, submit, closed } = await dialog("close");
    write("category", "loan_rate");
    write("follow_up_text", "核实后回电");
    submit();
    expect(closed).toEqual([]);
    const due = form.elements.namedItem("follow_up_due") as HTMLInputElement;
    expect(due.validationMessage).toBe(zh.follow_up_both);
    write("follow_up_text", "");
    (form.elements.namedItem("follow_up_text") as Element).dispatchEvent(
      new Event("input", { bubbles: true }),
    );
    expect(due.validationMessage).toBe(""); // Else the browser never submits this form again.
    (form.querySelector("[type=radio]") as HTMLInputElement).checked = true;
    submit();
    expect(closed.map((one) => "follow_up" in one)).toEqual([false]);
  });

  it("can still be filled in right after the end, by who has ended it", async () => {
    const { talk, desk, posts } = await scene({ item: { state: "WRAP_UP" } });
    const shows = async () => {
      await desk.deeds.close("c1", { result: "solved", category: "loan_rate", note: "" });
      await settle();
      return talk();
    };
    await shows();
    expect(posts("/wrapup")[0]?.body).toMatchObject({ epoch: 3, result: "solved" });
    const made = await scene({ item: { state: "WRAP_UP" } });
    await made.show({ mine: [] });
    const page = made.talk();
    expect(words(page.querySelector(".talk-head .strong"))).toBe(zh.wrap_up_form);
    expect(words(page.querySelector(".why"))).toBe(zh.wrap_up);
  });
});

describe("the transfer", () => {
  it("names groups, and colleagues with their presence", async () => {
    const { options } = await dialog("transfer", ({ path }) =>
      path.endsWith("/colleagues")
        ? json({
            colleagues: [
              { id: "bert", label: "王芳", presence: "busy" },
              { id: "odd", presence: "asleep" },
            ],
          })
        : null,
    );
    await settle();
    expect(options()).toEqual([
      zh.transfer_anybody,
      "投诉处理组",
      `赵强 · ${zh.offline}`,
      `王芳 · ${zh.busy}`,
    ]);
  });

  it("names everybody where that cannot be had", async () => {
    const { options } = await dialog("transfer", ({ path }) =>
      path.endsWith("/colleagues") ? json({}, 503) : null,
    );
    await settle();
    expect(options()).toEqual([zh.transfer_anybody, "投诉处理组", "赵强", "王芳"]);
  });

  it("says whom the server knows by that name, and whether the customer is to wait for him", async () => {
    const { write, submit, passed, form } = await dialog("transfer");
    write("to", "agent:bert");
    write("note", "问房贷");
    submit();
    (form.elements.namedItem("anyway") as HTMLInputElement).checked = true;
    submit();
    expect(passed).toEqual([
      ["agent:bert", "问房贷", false],
      ["agent:bert", "问房贷", true],
    ]);
  });
});
