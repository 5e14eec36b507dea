import { describe, expect, it } from "vitest";
import { chosenServer } from "../../src/demo/server";

describe("the demonstration's server", () => {
  it("is what the page's meta tag names", () => {
    expect(chosenServer("http://127.0.0.1:5005", "?server=http://127.0.0.1:1")).toBe("http://127.0.0.1:5005");
  });

  it("may be named in the address when it is on this machine", () => {
    expect(chosenServer(null, "?server=http://localhost:5005/x")).toBe("http://localhost:5005");
    expect(chosenServer("", "?server=http://[::1]:5005")).toBe("http://[::1]:5005");
  });

  it.each([
    "https://evil.example",
    "http://127.0.0.1.evil.example",
    "javascript:alert(1)",
    "//evil.example",
    "",
  ])("is never led elsewhere by a link: %s", (asked) =>
    expect(chosenServer(null, `?server=${encodeURIComponent(asked)}`)).toBeNull());
});
