import { describe, expect, it } from "vitest";
import { hintOf, isWellFormedApiKey, looksLikeApiKey, newApiKey } from "../src/domain/api-key.ts";
import { randomBase62, toBase62 } from "../src/domain/base62.ts";
import { crc32 } from "../src/domain/crc32.ts";
import { familyOf, newFamily, newRefreshToken } from "../src/domain/refresh-token.ts";

describe("crc32", () => {
  it.each([
    ["", 0],
    // The check value of CRC-32/ISO-HDLC.
    ["123456789", 0xcbf43926],
    ["The quick brown fox jumps over the lazy dog", 0x414fa339],
  ])("of %j is as published", (text, sum) => {
    expect(crc32(text)).toBe(sum);
  });
});

describe("base 62", () => {
  it.each([
    [0, 6, "000000"],
    [61, 6, "00000z"],
    [62, 6, "000010"],
    [0xffffffff, 6, "4gfFC3"],
  ])("writes %d in %d digits as %s", (value, length, text) => {
    expect(toBase62(value, length)).toBe(text);
  });

  it("skips bytes that would favour some digits", () => {
    const bytes = [255, 248, 0, 61, 62, 247];
    const text = randomBase62(4, (buffer) => {
      buffer.set(bytes.splice(0, buffer.length));
      return buffer;
    });
    expect(text).toBe("0z0z");
  });
});

describe("an API key", () => {
  const key = newApiKey("live");

  it("is its type, 32 random digits and a checksum", () => {
    expect(key).toMatch(/^ag_live_[0-9A-Za-z]{38}$/);
    expect(newApiKey("temporary")).toMatch(/^ag_temp_[0-9A-Za-z]{38}$/);
    expect(isWellFormedApiKey(key)).toBe(true);
    expect(looksLikeApiKey(key)).toBe(true);
  });

  it("is not the same twice", () => {
    expect(new Set(Array.from({ length: 100 }, () => newApiKey("live"))).size).toBe(100);
  });

  const swapped = key.slice(0, 8) + key.charAt(9) + key.charAt(8) + key.slice(10);
  it.each([
    ["one digit is wrong", key.slice(0, 20) + (key.charAt(20) === "a" ? "b" : "a") + key.slice(21)],
    ["two digits are swapped", swapped === key ? `${key}x` : swapped],
    ["a digit is missing", key.slice(0, -1)],
    ["something follows it", `${key}0`],
    ["its type is another", key.replace("ag_live_", "ag_temp_")],
    ["a line break follows it", `${key}\n`],
    ["it has another case", key.toUpperCase()],
    ["it is empty", ""],
  ])("is not well-formed when %s", (_, token) => {
    expect(isWellFormedApiKey(token)).toBe(false);
  });

  it("is recognised by a hint that leaves 160 random bits unknown", () => {
    const hint = hintOf(key);
    expect(hint).toBe(`${key.slice(0, 12)}...${key.slice(-4)}`);
    // 28 random digits of 5.95 bits; the last four are checksum.
    expect((32 - 4) * Math.log2(62)).toBeGreaterThan(160);
  });
});

describe("a refresh token", () => {
  it("keeps its family when it rotates", () => {
    const family = newFamily();
    const first = newRefreshToken(family);
    expect(familyOf(first)).toBe(family);
    expect(familyOf(newRefreshToken(family))).toBe(family);
    expect(newRefreshToken(family)).not.toBe(first);
  });

  it.each(["", "ag_refresh_", "eyJhbGciOiJub25lIn0.e30.", newApiKey("live"), `${newRefreshToken(newFamily())} `])(
    "is not %j",
    (text) => {
      expect(familyOf(text)).toBeNull();
    },
  );
});
