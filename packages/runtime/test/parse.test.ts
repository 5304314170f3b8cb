import { describe, expect, it } from "vitest";
import { z } from "zod";
import { once, parseConfig } from "../src/parse-config.ts";
import { parseInput } from "../src/parse-input.ts";
import { traceparentOf } from "../src/traceparent.ts";

describe("configuration", () => {
  const Schema = z.object({ PORT: z.coerce.number().int(), SECRET: z.string().min(10) });

  it("refuses to start half-configured, naming every variable and no value", () => {
    const start = () => parseConfig("auth", Schema, { PORT: "x", SECRET: "hunter2" });
    expect(start).toThrow(/PORT.*SECRET/);
    expect(start).not.toThrow(/hunter2/);
  });

  it("is parsed once per environment", () => {
    let parses = 0;
    const config = once((env: { readonly a: number }) => {
      parses += 1;
      return env.a;
    });
    const env = { a: 1 };
    expect([config(env), config(env), config({ a: 2 })]).toEqual([1, 1, 2]);
    expect(parses).toBe(2);
  });
});

describe("input", () => {
  const Schema = z.strictObject({ name: z.string(), limits: z.strictObject({ rpm: z.number().int() }).optional() });

  it.each([
    [{ name: 5 }, "name"],
    [{ name: "a", limits: { rpm: 1.5 } }, "limits.rpm"],
    [{ name: "a", role: "admin" }, "role"],
    [{ name: "a", limits: { rpm: 1, x: 1 } }, "limits.x"],
  ])("%j is refused naming %s", (input, param) => {
    expect(parseInput(Schema, input)).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
  });

  it.each([null, [], "text"])("%j is refused as a whole", (input) => {
    expect(parseInput(Schema, input)).toMatchObject({ ok: false, error: { code: "invalid_request" } });
  });
});

describe("traceparent", () => {
  const valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  it("keeps a well-formed one", () => expect(traceparentOf(valid)).toBe(valid));

  it.each([
    null,
    undefined,
    "",
    "00-short",
    `00-${"0".repeat(32)}-b7ad6b7169203331-01`,
    `${valid}\r\nx: y`,
    valid.toUpperCase(),
  ])("replaces %j", (header) => {
    expect(traceparentOf(header)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(traceparentOf(header)).not.toBe(valid);
  });
});
