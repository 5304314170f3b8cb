import { expect, it } from "vitest";
import { csvOf } from "../src/domain/csv.ts";

it.each([
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1+1", "'-1+1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["plain", "plain"],
  ['say "hi"', '"say ""hi"""'],
  ["a,b", '"a,b"'],
])("the text %j cannot run as a formula and stays one field", (text, field) => {
  expect(csvOf(["model", "n"], [[text, 1]])).toBe(`model,n\r\n${field},1\r\n`);
});

it("leaves negative numbers numbers, and a missing value empty", () => {
  expect(csvOf(["member", "n"], [[null, -20]])).toBe("member,n\r\n,-20\r\n");
});
