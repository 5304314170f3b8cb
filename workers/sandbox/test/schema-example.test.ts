import { describe, expect, it } from "vitest";
import { splitJson, splitWords } from "../src/domain/pieces.ts";
import { exampleOf } from "../src/domain/schema-example.ts";

describe("the example of a JSON Schema", () => {
  it.each<[string, unknown, unknown]>([
    ["nothing", undefined, {}],
    ["a string within its lengths", { type: "string", minLength: 6, maxLength: 7 }, "textxx"],
    ["a short string", { type: "string", maxLength: 2 }, "te"],
    ["a date", { type: "string", format: "date" }, "2026-01-01"],
    ["an integer above a fraction", { type: "integer", minimum: 2.5 }, 3],
    ["an integer above a bound", { type: "integer", exclusiveMinimum: 4 }, 5],
    ["a number below its maximum", { type: "number", maximum: -3 }, -3],
    ["a nullable type", { type: ["string", "null"] }, "text"],
    ["an enum", { enum: ["a", "b"] }, "a"],
    ["a constant", { const: 7 }, 7],
    ["an empty array", { type: "array", items: { type: "string" } }, []],
    ["an array with a least length", { type: "array", items: { type: "boolean" }, minItems: 2 }, [true, true]],
    ["a choice", { anyOf: [{ type: "null" }, { type: "string" }] }, null],
    [
      "all of several",
      { allOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { const: 1 } } }] },
      { a: "text", b: 1 },
    ],
    ["a reference", { $ref: "#/$defs/x", $defs: { x: { type: "boolean" } } }, true],
  ])("of %s", (_, schema, expected) => {
    expect(exampleOf(schema)).toEqual(expected);
  });

  it("of a recursive schema ends", () => {
    const node = { type: "object", properties: { next: { $ref: "#" }, id: { type: "string" } }, required: ["id"] };
    expect(JSON.stringify(exampleOf(node)).length).toBeLessThan(200);
  });
});

describe("pieces", () => {
  it.each(["", " a  b\n", "one two", "äß 日本 👍🏽", "   "])("of %j joined are the text", (text) => {
    expect(splitWords(text).join("")).toBe(text);
    expect(splitJson(text).join("")).toBe(text);
  });
});
