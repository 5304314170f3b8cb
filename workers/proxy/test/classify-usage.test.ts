import { describe, expect, it } from "vitest";
import { readUsage } from "../src/adapters/openai/read-usage.ts";
import { classifyUsage } from "../src/meter/classify-usage.ts";
import type { ReportedCounts } from "../src/meter/reported-counts.ts";
import payloads from "./fixtures/openai-usage.json";

const ceiling = { inputTokens: 200_000, outputTokens: 32_768 };
const estimate = { inputTokens: 11, outputTokens: 7 };
const classify = (counts: Partial<ReportedCounts>) =>
  classifyUsage({ input: 100, output: 50, ...counts }, ceiling, estimate);

describe("reported usage is believed as far as it can be true", () => {
  it.each<[name: string, counts: Partial<ReportedCounts>, usage: object, quality: string]>([
    ["plain", {}, { input: 100, output: 50 }, "reported"],
    ["an explicit 0", { input: 0, output: 0 }, { input: 0, output: 0 }, "reported"],
    ["cached inside the input", { cachedInput: 60 }, { input: 40, cached_input: 60, output: 50 }, "reported"],
    ["all of it cached", { cachedInput: 100 }, { input: 0, cached_input: 100, output: 50 }, "reported"],
    [
      "cached, written and audio",
      { cachedInput: 30, cacheWrite: 20, inputAudio: 10 },
      { input: 40, cached_input: 30, cache_write: 20, input_audio: 10, output: 50 },
      "reported",
    ],
    ["reasoning inside the output", { reasoning: 20 }, { input: 100, output: 30, reasoning: 20 }, "reported"],
    ["null details", { cachedInput: null, reasoning: null }, { input: 100, output: 50 }, "reported"],
    ["more cached than input", { cachedInput: 150 }, { input: 0, cached_input: 100, output: 50 }, "clamped"],
    ["negative cached", { cachedInput: -5 }, { input: 100, output: 50 }, "clamped"],
    ["more reasoning than output", { reasoning: 80 }, { input: 100, output: 0, reasoning: 50 }, "clamped"],
    ["more than the window", { input: 10 ** 9 }, { input: 200_000, output: 50 }, "clamped"],
    ["more than the output limit", { output: 10 ** 9 }, { input: 100, output: 32_768 }, "clamped"],
    ["negative input", { input: -1 }, { input: 11, output: 50 }, "estimated"],
    ["fractional output", { output: 1.5 }, { input: 100, output: 7 }, "estimated"],
    ["NaN", { output: Number.NaN }, { input: 100, output: 7 }, "estimated"],
    ["text", { input: "100" }, { input: 11, output: 50 }, "estimated"],
    ["nothing", { input: undefined, output: undefined }, { input: 11, output: 7 }, "estimated"],
    ["estimated and clamped", { input: null, output: 10 ** 9 }, { input: 11, output: 32_768 }, "estimated"],
  ])("%s", (_, counts, usage, quality) => {
    expect(classify(counts)).toEqual({ usage, quality });
  });

  it("classes are disjoint: they sum to what was reported", () => {
    const { usage } = classify({ cachedInput: 30, cacheWrite: 20, inputAudio: 10, reasoning: 5, outputAudio: 5 });
    expect(Object.values(usage).reduce((sum, units) => sum + units, 0)).toBe(150);
  });
});

describe("usage of the OpenAI wire as vendors send it", () => {
  it.each(payloads.map(({ vendor, usage, expected }) => [vendor, usage, expected] as const))(
    "%s",
    (_, usage, expected) => {
      const counts = readUsage(usage);
      expect(counts).not.toBeNull();
      if (counts === null) return;
      expect(classifyUsage(counts, ceiling, estimate)).toEqual({ usage: expected, quality: "reported" });
    },
  );

  it.each([[null], [undefined], ["x"], [[]]])("%j is none", (usage) => {
    expect(readUsage(usage)).toBeNull();
  });
});
