import type { RuleCondition, RuleEffect } from "@aggregator/contracts/routing";
import { describe, expect, it } from "vitest";
import { applyRules, type RuleFacts } from "../src/apply-rules.ts";

const ENDPOINTS = ["m/a", "m/b", "m/c", "n/b", "n/a"].map((text) => {
  const [model = "", provider = ""] = text.split("/");
  return { model, provider };
});
const FACTS: RuleFacts = {
  inputTokens: 1_000,
  hasTools: true,
  metadata: { team: "blue", n: 1 },
  tags: ["eu", "batch"],
};

function orderBy(...rules: readonly (readonly [RuleCondition, RuleEffect])[]): string {
  const named = rules.map(([match, effect], at) => ({ id: `r-${at}`, name: "", match, effect }));
  return applyRules(ENDPOINTS, named, FACTS)
    .map(({ model, provider }) => `${model}/${provider}`)
    .join(" ");
}

const UNCHANGED = "m/a m/b m/c n/b n/a";

describe("what a matching rule does", () => {
  it.each<[string, RuleEffect, string]>([
    ["nothing", {}, UNCHANGED],
    ["only", { only: ["b", "c"] }, "m/b m/c n/b"],
    ["ignore", { ignore: ["b"] }, "m/a m/c n/a"],
    ["prefer, within each model, in its order", { prefer: ["c", "b"] }, "m/c m/b m/a n/b n/a"],
    ["prefer what is not there", { prefer: ["x"] }, UNCHANGED],
    ["all at once", { only: ["a", "c"], ignore: ["a"], prefer: ["c"] }, "m/c"],
    ["only nobody: none is left", { only: [] }, ""],
  ])("%s", (_, effect, expected) => {
    expect(orderBy([{}, effect])).toBe(expected);
  });

  it("is done in turn: a later preference stands above an earlier one", () => {
    expect(orderBy([{}, { prefer: ["b"] }], [{}, { prefer: ["c"] }])).toBe("m/c m/b m/a n/b n/a");
    expect(orderBy()).toBe(UNCHANGED);
  });
});

describe("which requests a rule is for", () => {
  it.each<[string, RuleCondition, boolean]>([
    ["all", {}, true],
    ["at least this size", { min_input_tokens: 1_000 }, true],
    ["larger ones", { min_input_tokens: 1_001 }, false],
    ["at most this size", { max_input_tokens: 1_000 }, true],
    ["smaller ones", { max_input_tokens: 999 }, false],
    ["with tools", { has_tools: true }, true],
    ["without tools", { has_tools: false }, false],
    ["with this metadata", { metadata: { team: "blue" } }, true],
    ["with other metadata", { metadata: { team: "red" } }, false],
    ["with metadata that is not there", { metadata: { toString: "x" } }, false],
    ["a number is not its text", { metadata: { n: "1" } }, false],
    ["with a tag", { tags: ["batch"] }, true],
    ["with all of its tags", { tags: ["batch", "eu"] }, true],
    ["with one of its tags, not the other", { tags: ["eu", "us"] }, false],
    ["with a tag in other letters", { tags: ["EU"] }, false],
    ["all conditions must hold", { has_tools: true, min_input_tokens: 5_000 }, false],
  ])("%s", (_, match, isFor) => {
    expect(orderBy([match, { only: ["a"] }])).toBe(isFor ? "m/a n/a" : UNCHANGED);
  });
});
