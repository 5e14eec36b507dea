import { expect, it } from "vitest";
import { inWords } from "../../src/desk/tabs/named";

it.each([
  ["term", "P3Y", "3年"],
  ["term", "P36M", "36个月"],
  ["term", "P7D", "7天"],
  ["amount", "100000", "100,000人民币"],
  ["amount", "12.5", "12.5人民币"],
  ["date", "2026-11-03", "2026年11月3日"],
  ["date", "--11-03", "11月3日"],
  ["date", "---03", "3日"],
  ["date", "明天", "明天"],
  ["card_tail", "1234", "1234"],
  ["product", "个人住房贷款", "个人住房贷款"],
])("a %s of %s reads %s", (entity, value, words) => {
  expect(inWords({ entity, value })).toBe(words);
});

it("an amount of another currency says which", () => {
  expect(inWords({ entity: "amount", value: "5000", currency: "USD" })).toBe("5,000美元");
});
