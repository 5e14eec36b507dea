// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { address, entriesFor, entryOf, type Place, placeOf, TODAY } from "../../src/desk/place";
import { json } from "../make";
import { NUMBER, onOnePage, settle, setUp } from "./tickets/make";

describe("an address of the console", () => {
  it.each<[Place]>([
    [TODAY],
    [{ view: "talks", conversation: "c 1/2" }],
    [{ view: "list" }],
    [{ view: "ticket", number: NUMBER }],
    [{ view: "new", conversation: null }],
    [{ view: "new", conversation: "c 1" }],
    [{ view: "board" }],
    [{ view: "tasks" }],
    [{ view: "wall" }],
    [{ view: "people" }],
    [{ view: "audit" }],
  ])("comes back to its place: %j", (place) => expect(placeOf(address(place))).toEqual(place));

  it("that names nothing is today's desk, and a broken one the list", () => {
    expect([placeOf(""), placeOf("#/else"), placeOf("#/else/c1")]).toEqual([TODAY, TODAY, TODAY]);
    expect(placeOf("#/talks/%E0%A4%A")).toEqual(TODAY);
    expect(placeOf("#/tickets/%E0%A4%A")).toEqual({ view: "list" });
  });

  it("of a case stands under the list", () => {
    expect(entryOf({ view: "ticket", number: NUMBER })).toBe("list");
  });
});

describe("entries of the main navigation", () => {
  it("are for everybody, or for those with the right that the server's table gives", () => {
    const open = { view: "a", path: "a" };
    const audit = { view: "b", path: "b", right: "audit" };
    expect(entriesFor([open, audit], ["desk"])).toEqual([open]);
    expect(entriesFor([open, audit], ["desk", "audit"])).toEqual([open, audit]);
  });
});

describe("the conversation in the address", () => {
  onOnePage();

  const at = (conversation: string): Place => ({ view: "talks", conversation });
  const item = { channel: "web", state: "QUEUED", epoch: 1, last_seq: 1 } as const;

  it("is open after a reload, and asked for once somebody is signed in", async () => {
    const { desk, asked } = await setUp({ place: at("c1") });
    expect(desk.current).toBe("c1");
    expect(asked("conversations/")[0]).toBe("/api/desk/conversations/c1");
    const out = await setUp({
      place: at("c1"),
      answer: ({ path }) => (path.endsWith("/session") ? json({}, 401) : null),
    });
    expect([out.desk.phase, out.asked("conversations/")]).toEqual(["signed-out", []]);
  });

  it("changes with what is opened, and leads back and forward", async () => {
    const { desk, went, asked } = await setUp({ place: TODAY });
    desk.select("c1");
    desk.select("c2");
    await settle();
    expect(went).toEqual(["#/talks/c1", "#/talks/c2"]);
    expect(asked("conversations/")).toHaveLength(2);
    desk.where.follow("#/talks/c1"); // back
    expect(desk.current).toBe("c1");
    desk.where.follow("#/talks");
    expect([desk.current, desk.talk]).toEqual([null, null]);
    desk.where.follow("#/talks/c2"); // forward
    expect(desk.current).toBe("c2");
  });

  it("stays open behind another part of the console, whose entry leads back to it", async () => {
    const { desk } = await setUp({ place: at("c1") });
    desk.where.follow("#/board");
    expect(desk.current).toBe("c1");
    expect([desk.where.at("talks"), desk.where.at("list")]).toEqual([at("c1"), { view: "list" }]);
  });

  it("takes nobody away from where he has gone while he was accepting a customer", async () => {
    const { desk, went } = await setUp({ place: { view: "board" } });
    await desk.deeds.claim({ ...item, conversation_id: "c1" });
    expect([desk.current, desk.where.place, went]).toEqual(["c1", { view: "board" }, []]);
  });

  it("is left with the sign-out, but not when the session has only run out", async () => {
    const { desk, went, stream } = await setUp({ place: at("c1") });
    stream.send("closed", {});
    await settle();
    expect([desk.phase, desk.where.place]).toEqual(["signed-out", at("c1")]);
    await desk.signIn("agent1", "pw");
    expect(desk.current).toBe("c1");
    await desk.signOut();
    expect([desk.current, desk.where.place, went]).toEqual([null, TODAY, ["#/talks"]]);
  });
});
