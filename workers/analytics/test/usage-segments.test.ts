import { expect, it } from "vitest";
import { usageSegments } from "../src/domain/usage-segments.ts";

const at = (iso: string) => Date.parse(`2026-${iso}Z`);
const NOW_MS = at("11-23T09:00:00");
const READABLE_MS = at("11-23T00:00:00");

const cases = [
  {
    rule: "up to three days are answered from hours",
    range: { fromMs: at("11-20T09:00:00"), toMs: NOW_MS },
    expected: [["hourly", "11-20T09:00:00", "11-23T09:00:00"]],
  },
  {
    rule: "a series by hour is answered from hours however long",
    range: { fromMs: at("11-01T00:00:00"), toMs: NOW_MS, isByHour: true },
    expected: [["hourly", "11-01T00:00:00", "11-23T09:00:00"]],
  },
  {
    rule: "longer ranges read whole days, and hours at the edges",
    range: { fromMs: at("11-10T22:00:00"), toMs: NOW_MS },
    expected: [
      ["hourly", "11-10T22:00:00", "11-11T00:00:00"],
      ["daily", "11-11T00:00:00", "11-23T00:00:00"],
      ["hourly", "11-23T00:00:00", "11-23T09:00:00"],
    ],
  },
  {
    rule: "whole days have no edges",
    range: { fromMs: at("11-01T00:00:00"), toMs: at("11-11T00:00:00") },
    expected: [["daily", "11-01T00:00:00", "11-11T00:00:00"]],
  },
  {
    rule: "days that are not derived yet are read as hours",
    range: { fromMs: at("11-18T00:00:00"), toMs: NOW_MS, readableThroughMs: at("11-20T00:00:00") },
    expected: [
      ["daily", "11-18T00:00:00", "11-20T00:00:00"],
      ["hourly", "11-20T00:00:00", "11-23T09:00:00"],
    ],
  },
  {
    rule: "before the first run everything is read as hours",
    range: { fromMs: at("11-01T00:00:00"), toMs: NOW_MS, readableThroughMs: 0 },
    expected: [["hourly", "11-01T00:00:00", "11-23T09:00:00"]],
  },
  {
    rule: "where hours are gone the first day counts whole",
    range: { fromMs: at("03-01T05:00:00"), toMs: at("04-01T00:00:00") },
    expected: [["daily", "03-01T00:00:00", "04-01T00:00:00"]],
  },
];

it.each(cases)("$rule", ({ range, expected }) => {
  const segments = usageSegments({ isByHour: false, readableThroughMs: READABLE_MS, nowMs: NOW_MS, ...range });
  expect(segments).toEqual(
    expected.map(([rollup, from, to]) => ({ rollup, fromMs: at(from ?? ""), toMs: at(to ?? "") })),
  );
});
