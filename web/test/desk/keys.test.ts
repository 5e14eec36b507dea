// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import { type Commands, nthKeys, pressed, SHORTCUTS } from "../../src/desk/keys";

const ALT_1 = { key: "¡", code: "Digit1", altKey: true }; // As a Mac types it.

const NUMBERED = ["openMine", "openEntry"];

function press(init: KeyboardEventInit, at: Element = document.body, there = true) {
  const did: string[] = [];
  const note = (what: string) => {
    did.push(what);
    return there;
  };
  const commands = new Proxy({} as Commands, {
    get: (_, name: string) => (n?: number) => note(NUMBERED.includes(name) ? `${name} ${n}` : name),
  });
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
  const listen = (heard: Event) => pressed(heard as KeyboardEvent, commands);
  document.addEventListener("keydown", listen);
  at.dispatchEvent(event);
  document.removeEventListener("keydown", listen);
  return { did, taken: event.defaultPrevented };
}

describe("shortcuts", () => {
  afterEach(() => document.body.replaceChildren());

  const box = (id: string) => {
    const made = document.createElement("textarea");
    made.id = id;
    document.body.append(made);
    return made;
  };

  it("send the reply with Control or ⌘ and Enter, and only from its box", () => {
    const enter = { key: "Enter", code: "Enter", ctrlKey: true };
    expect(press(enter, box("reply"))).toEqual({ did: ["send"], taken: true });
    expect(press({ ...enter, ctrlKey: false, metaKey: true }, box("reply")).did).toEqual(["send"]);
    expect(press({ key: "Enter", code: "Enter" }, box("reply"))).toEqual({ did: [], taken: false });
    expect(press(enter, box("note"))).toEqual({ did: [], taken: false });
  });

  it("open my conversations and the parts of the console by number", () => {
    expect(press(ALT_1)).toEqual({ did: ["openMine 0"], taken: true });
    expect(press({ ...ALT_1, code: "Digit4", shiftKey: true }).did).toEqual(["openEntry 3"]);
  });

  it("leave a key alone that means something else, or leads nowhere", () => {
    expect(press({ ...ALT_1, code: "Digit0" }).did).toEqual([]);
    expect(press({ ...ALT_1, ctrlKey: true }).did).toEqual([]); // AltGr types a character.
    expect(press({ ...ALT_1, code: "Numpad1" }).did).toEqual([]);
    expect(press(ALT_1, document.body, false)).toEqual({ did: ["openMine 0"], taken: false });
  });

  it("leave whoever composes a word alone", () => {
    const enter = { key: "Enter", code: "Enter", ctrlKey: true, isComposing: true };
    expect(press(enter, box("reply"))).toEqual({ did: [], taken: false });
  });

  it("take letters by their place, with Alt only, from within text too", () => {
    const alt = { altKey: true };
    expect(press({ ...alt, key: "å", code: "KeyA" }, box("reply"))).toEqual({ did: ["accept"], taken: true });
    expect(press({ ...alt, key: "Enter", code: "Enter" }, box("reply")).did).toEqual(["sendCompleted"]);
    expect(press({ key: "a", code: "KeyA" })).toEqual({ did: [], taken: false });
    expect(press({ ...alt, shiftKey: true, key: "A", code: "KeyA" }).did).toEqual([]);
  });

  it("take a bare question mark, but never out of a text", () => {
    const mark = { key: "?", code: "Slash", shiftKey: true };
    expect(press(mark)).toEqual({ did: ["help"], taken: true });
    expect(press(mark, box("reply"))).toEqual({ did: [], taken: false });
    expect(press({ key: "h", code: "KeyH", altKey: true }, box("reply")).did).toEqual(["help"]);
  });

  it("leave a key alone that an input method takes, whichever way the browser says so", () => {
    const at = { key: "Process", code: "KeyA", altKey: true };
    expect(press({ ...at, isComposing: true }, box("reply")).did).toEqual([]);
    expect(press({ ...at, keyCode: 229 } as KeyboardEventInit, box("reply")).did).toEqual([]);
  });

  it("are named on what they lead to", () => {
    expect([nthKeys(SHORTCUTS.mine, 0), nthKeys(SHORTCUTS.entry, 3)]).toEqual(["Alt+1", "Alt+Shift+4"]);
  });

  it("are each their own", () => {
    const keys = Object.values(SHORTCUTS).flatMap((one) => one.keys.split(" "));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
