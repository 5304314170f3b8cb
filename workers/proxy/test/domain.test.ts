import { describe, expect, it } from "vitest";
import { parseRetryAfter, backoffMs } from "../src/domain/retry-after.ts";
import { maskSecrets } from "../src/domain/mask-secrets.ts";
import { formatDuration } from "../src/http/answer-headers.ts";
import { estimateTokens, utf8Length } from "../src/meter/text-size.ts";
import { measureInput } from "../src/endpoints/input-size.ts";

const NOW = Date.parse("2026-11-23T09:00:00Z");

describe("Retry-After", () => {
  it.each<[string | null, number | null]>([
    ["0", 0],
    ["7", 7_000],
    ["1.5", 1_500],
    ["1000000000", 1_000_000_000_000],
    ["Mon, 23 Nov 2026 09:00:05 GMT", 5_000],
    ["Mon, 23 Nov 2026 08:00:00 GMT", null],
    ["-5", null],
    ["soon", null],
    ["1e9", null],
    ["", null],
    [null, null],
  ])("%j is %j ms", (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });

  it("a pause without it is jittered below an exponential bound", () => {
    expect(backoffMs(1, () => 0)).toBe(0);
    expect(backoffMs(1, () => 1)).toBe(200);
    expect(backoffMs(20, () => 1)).toBe(2_000);
  });
});

describe("a provider's text shown to a client", () => {
  it.each([
    ["a known secret", "key my-own-secret is bad", "key [masked] is bad"],
    ["an OpenAI key", "Incorrect API key provided: sk-proj-abc123def456.", "Incorrect API key provided: [masked]"],
    ["a masked OpenAI key", "provided: sk-abcde***********wxyz", "provided: [masked]"],
    ["a Google key", "API key AIzaSyA1234567890abcdef not valid", "API key [masked] not valid"],
    ["a bearer token", "got Bearer abc.def.ghi", "got [masked]"],
    ["ordinary words", "max_tokens is too large: 5000", "max_tokens is too large: 5000"],
  ])("%s", (_, text, expected) => {
    expect(maskSecrets(text, ["my-own-secret", null])).toBe(expected);
  });
  it("has at most 1,000 characters", () => {
    expect(maskSecrets("x".repeat(5_000), [])).toHaveLength(1_000);
  });
});

it.each([
  [0, "0ms"],
  [850, "850ms"],
  [1_000, "1s"],
  [59_001, "1m0s"],
  [360_000, "6m0s"],
])("a reset in %i ms is written %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

it.each(["", "abc", "é", "界", "😀", "aé界😀z"])("the UTF-8 length of %j is that of its encoding", (text) => {
  expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
});

it.each([
  [{ bytes: 0, pieces: 0 }, 0],
  [{ bytes: 1, pieces: 1 }, 1],
  [{ bytes: 9, pieces: 1 }, 3],
  [{ bytes: 3, pieces: 3 }, 3],
])("%j is about %i tokens", (produced, expected) => {
  expect(estimateTokens(produced)).toBe(expected);
});

describe("input size", () => {
  const parts = (...content: object[]) => [[{ role: "user", content }]];
  it.each<[name: string, bytes: number, roots: unknown[], max: number, likely: number]>([
    ["text is at most one token per byte", 400, [], 400, 100],
    [
      "an image counts by the piece",
      100_300,
      parts({ type: "image_url", image_url: { url: "d".repeat(100_000) } }),
      300 + 16_384,
      75 + 1_000,
    ],
    [
      "an image by address too",
      330,
      parts({ type: "image_url", image_url: { url: "h".repeat(30) } }),
      300 + 16_384,
      1_075,
    ],
    [
      "audio by its length",
      64_100,
      parts({ type: "input_audio", input_audio: { data: "a".repeat(64_000) } }),
      1_100,
      1_025,
    ],
    [
      "a file by its characters",
      16_100,
      parts({ type: "file", file: { file_data: "f".repeat(16_000) } }),
      16_100,
      1_025,
    ],
    [
      "a file we do not see by the window",
      120,
      parts({ type: "file", file: { file_id: "f".repeat(20) } }),
      100_000_100,
      27,
    ],
  ])("%s", (_, bytes, roots, maxTokens, likelyTokens) => {
    expect(measureInput(bytes, roots)).toEqual({ maxTokens, likelyTokens });
  });
});
