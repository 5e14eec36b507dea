import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../src/", import.meta.url));
const files = readdirSync(root, { recursive: true })
  .map(String)
  .filter((name) => /\.(ts|html)$/.test(name));

/** What the content security policy forbids, and what would let a customer's words become markup. */
const FORBIDDEN: [string, RegExp][] = [
  ["markup from text", /\.(inner|outer)HTML|insertAdjacentHTML|unsafeHTML|unsafeSVG|document\.write/],
  ["code from text", /\beval\(|new Function\(|setTimeout\(\s*["'`]/],
  ["a style attribute or a style element", /\sstyle=|<style|styleMap|unsafeCSS/],
  ["an inline handler or script", /\son[a-z]+="|<script(?![^>]*\bsrc=)/],
  ["an address of another host", /https?:\/\/(?!127\.0\.0\.1|localhost)[a-z]/],
];

describe("sources of the pages", () => {
  it("are found", () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it.each(FORBIDDEN)("hold no %s", (_what, pattern) => {
    expect(files.filter((name) => pattern.test(readFileSync(root + name, "utf8")))).toEqual([]);
  });
});
