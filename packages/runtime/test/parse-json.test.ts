import { describe, expect, it } from "vitest";
import { locateMembers, parseJson, spliceMembers } from "../src/parse-json.ts";

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("parseJson accepts what JSON.parse accepts", () => {
  it.each([
    ["{}"],
    ['{"a":1,"b":{"a":1}}'],
    ['[{"a":1},{"a":2}]'],
    ['{"a":"x\\"y\\\\","b":"{[,:"}'],
    ['{"a":-0.5e10,"b":1E-400,"c":9007199254740993}'],
    [' \n{"a" : [ 1 , 2 ] , "é":"ü"}\t'],
    ['"text"'],
    ["null"],
    [nested(128)],
  ])("%s", (text) => {
    const parsed = parseJson(text);
    expect(parsed.ok && parsed.value.value).toEqual(JSON.parse(text));
  });
});

describe("parseJson refuses", () => {
  it.each([
    ["a key that appears twice", '{"a":1,"a":2}', "twice"],
    ["a repeated key further in", '{"x":[{"b":1,"b":2}]}', "twice"],
    ["a repeated key written with an escape", '{"a":1,"\\u0061":2}', "twice"],
    ["__proto__", '{"__proto__":{"admin":true}}', "__proto__"],
    ["__proto__ written with an escape", '{"x":{"__pr\\u006fto__":1}}', "__proto__"],
    ["a number beyond the doubles", '{"a":1e400}', "out of range"],
    ["a negative number beyond the doubles", '{"a":-1e400}', "out of range"],
    ["a number of 400 digits", `{"a":${"9".repeat(400)}}`, "out of range"],
    ["depth 129", nested(129), "deeper than 128"],
    ["depth 10000", nested(10_000), "deeper than 128"],
    ["an open string", '{"a":"x', "not closed"],
    ["a trailing comma", '{"a":1,}', "not valid JSON"],
    ["nothing", "", "not valid JSON"],
    ["two values", "{} {}", "not valid JSON"],
    ["closing brackets only", "}}}]]]", "not valid JSON"],
    ["a missing comma", '{"a":1 "b":2}', "not valid JSON"],
  ])("%s", (_, text, message) => {
    const parsed = parseJson(text);
    expect(parsed).toMatchObject({ ok: false, error: { code: "invalid_json" } });
    expect(!parsed.ok && parsed.error.message).toContain(message);
  });

  it("within 200 ms for 5 MB of quotes and backslashes", () => {
    const started = performance.now();
    parseJson(`{"a":"${'\\"'.repeat(2_500_000)}"}`);
    parseJson(`{"a":"${"\\".repeat(5_000_000)}"}`);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

it("parses 5 MB of base64 within 100 ms", () => {
  const text = JSON.stringify({ image: "A".repeat(5_000_000) });
  const started = performance.now();
  expect(parseJson(text).ok).toBe(true);
  expect(performance.now() - started).toBeLessThan(100);
});

describe("spliceMembers", () => {
  const text = '{ "model" : "a", "seed": 9007199254740993, "n":{"model":"b"} , "last":[1,2] }';
  const splice = (changes: Record<string, string | null>) =>
    spliceMembers(text, locateMembers(text), new Map(Object.entries(changes)));

  it("replaces a member and leaves a number too big for JavaScript as it was sent", () => {
    const spliced = splice({ model: '"up"' });
    expect(spliced).toContain('"seed": 9007199254740993');
    expect(JSON.parse(spliced)).toEqual({ ...(JSON.parse(text) as object), model: "up" });
  });
  it("removes the first, a middle and the last member", () => {
    expect(Object.keys(JSON.parse(splice({ model: null })) as object)).toEqual(["seed", "n", "last"]);
    expect(Object.keys(JSON.parse(splice({ n: null })) as object)).toEqual(["model", "seed", "last"]);
    expect(Object.keys(JSON.parse(splice({ last: null })) as object)).toEqual(["model", "seed", "n"]);
  });
  it("adds a member, also to an empty object", () => {
    expect(JSON.parse(splice({ stream: "true" }))).toMatchObject({ stream: true });
    expect(spliceMembers("{}", locateMembers("{}"), new Map([["a", "1"]]))).toBe('{"a":1}');
  });
});
