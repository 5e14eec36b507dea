import { describe, expect, it } from "vitest";
import { SseParser } from "../../src/shared/sse";

describe("event stream parser", () => {
  it("reads a frame that arrives in pieces", () => {
    const parser = new SseParser();
    expect(parser.push("id: 7\nevent: ev")).toEqual([]);
    expect(parser.push('ent\ndata: {"seq":7}\n')).toEqual([]);
    expect(parser.push("\n")).toEqual([{ id: "7", event: "event", data: '{"seq":7}' }]);
  });

  it("joins several data lines and takes LF, CRLF and CR", () => {
    expect(new SseParser().push("data: a\r\ndata: b\r\n\r\n")).toEqual([
      { id: null, event: "message", data: "a\nb" },
    ]);
    expect(new SseParser().push("data: a\rdata: b\r\r ")).toEqual([
      { id: null, event: "message", data: "a\nb" },
    ]);
  });

  it("does not take a CRLF split between two chunks for an empty line", () => {
    const parser = new SseParser();
    expect(parser.push("data: a\r")).toEqual([]);
    expect(parser.push("\ndata: b\r\n\r\n")).toEqual([{ id: null, event: "message", data: "a\nb" }]);
  });

  it("ignores heartbeats and frames without data", () => {
    expect(new SseParser().push(": beat\n\nevent: status\n\nid: 3\n\n")).toEqual([]);
  });

  it("forgets an event's name with its frame, and keeps the last id", () => {
    const frames = new SseParser().push("id: 4\nevent: status\ndata: x\n\ndata: y\n\n");
    expect(frames).toEqual([
      { id: "4", event: "status", data: "x" },
      { id: "4", event: "message", data: "y" },
    ]);
  });

  it("keeps colons and leading blanks of the value but the first", () => {
    expect(new SseParser().push("\uFEFFdata:  a: b\n\n")[0]?.data).toBe(" a: b");
  });
});
