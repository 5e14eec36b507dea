import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { en } from "../../src/desk/labels.en";
import { zh } from "../../src/desk/labels.zh";

const root = fileURLToPath(new URL("../../src/desk/", import.meta.url));
const files = readdirSync(root, { recursive: true })
  .map(String)
  .filter((name) => /(^|\/)labels(-\w+)?\.zh\.ts$/.test(name) && name !== "labels.zh.ts");

type Words = Record<string, string>;

async function words(file: string, language: "zh" | "en"): Promise<Words> {
  const made = (await import(`${root}${file.replace(".zh.", `.${language}.`)}`)) as Record<string, Words>;
  return made[language] ?? {};
}

describe("labels of the parts of the console", () => {
  it("are found", () => expect(files.length).toBeGreaterThan(1));

  it.each(files)("%s stands in both languages, with the same blanks", async (file) => {
    const [own, other] = [await words(file, "zh"), await words(file, "en")];
    expect(Object.keys(own).sort()).toEqual(Object.keys(other).sort());
    expect(zh).toMatchObject(own);
    expect(en).toMatchObject(other);
    const blanks = (text = "") => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const [key, text] of Object.entries(own)) expect(blanks(other[key]), key).toEqual(blanks(text));
  });

  it("share no key: one would take the other's word", async () => {
    const all = (await Promise.all(files.map((file) => words(file, "zh")))).flatMap(Object.keys);
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
  });
});
