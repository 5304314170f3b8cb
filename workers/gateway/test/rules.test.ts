import { describe, expect, it } from "vitest";
import { checkKeyPolicy, isListed } from "../src/auth/check-key-policy.ts";
import { PrincipalCache } from "../src/auth/principal-cache.ts";
import { pathOf } from "../src/http/path-of.ts";
import { keyPrincipal, POLICY } from "./support/builders.ts";

const NOW = 1_000_000;
const resolved = { principal: keyPrincipal(), json: "{}" };

describe("an address is in a key's list", () => {
  it.each([
    ["203.0.113.7", ["203.0.113.0/24"], true],
    ["203.0.114.7", ["203.0.113.0/24"], false],
    ["203.0.113.7", ["198.51.100.0/24", "203.0.113.7"], true],
    ["203.0.113.8", ["203.0.113.7"], false],
    ["::ffff:203.0.113.7", ["203.0.113.0/24"], true],
    ["2001:db8::1", ["2001:db8::/32"], true],
    ["2001:db9::1", ["2001:db8::/32"], false],
    ["2001:db8::1", ["0.0.0.0/0"], false],
    ["203.0.113.7", ["::/0"], false],
    ["203.0.113.7", [], false],
    ["203.0.113.7", ["nonsense", "203.0.113.0/99"], false],
    ["nonsense", ["0.0.0.0/0"], false],
    ["", ["0.0.0.0/0"], false],
    [null, ["0.0.0.0/0", "::/0"], false],
  ])("%s in %j: %s", (address, blocks, listed) => {
    expect(isListed(address, blocks)).toBe(listed);
  });
});

describe("a key's policy", () => {
  it("ends at its expiry, to the millisecond", () => {
    const key = { ...POLICY, expiresAtMs: NOW };
    expect(checkKeyPolicy(key, null, NOW - 1).ok).toBe(true);
    expect(checkKeyPolicy(key, null, NOW)).toMatchObject({ ok: false, error: { code: "invalid_api_key" } });
  });

  it("restricts no member", () => {
    expect(checkKeyPolicy(null, null, NOW).ok).toBe(true);
  });
});

describe("the cache of principals", () => {
  it("forgets an answer when its time is over, not a millisecond later", () => {
    const cache = new PrincipalCache(10);
    cache.set("a", resolved, NOW + 10_000);
    expect(cache.get("a", NOW + 9_999)).toBe(resolved);
    expect(cache.get("a", NOW + 10_000)).toBeNull();
    expect(cache.size).toBe(0);
  });

  it("does not live longer by being used", () => {
    const cache = new PrincipalCache(10);
    cache.set("a", resolved, NOW + 10);
    for (let at = NOW; at < NOW + 10; at += 1) expect(cache.get("a", at)).toBe(resolved);
    expect(cache.get("a", NOW + 10)).toBeNull();
  });

  it("is bounded: the least recently used goes first", () => {
    const cache = new PrincipalCache(2);
    cache.set("a", resolved, NOW + 10);
    cache.set("b", resolved, NOW + 10);
    cache.get("a", NOW);
    cache.set("c", resolved, NOW + 10);
    expect(cache.size).toBe(2);
    expect(cache.get("b", NOW)).toBeNull();
    expect(cache.get("a", NOW)).toBe(resolved);
    expect(cache.get("c", NOW)).toBe(resolved);
  });
});

describe("the path of a URL", () => {
  it.each([
    ["https://h/v1/chat/completions", "/v1/chat/completions"],
    ["https://h/v1/x?y=/z", "/v1/x"],
    ["https://h/", "/"],
    ["http://[::1]:3000/a%2Fb/", "/a%2Fb/"],
  ])("%s is %s", (url, path) => {
    expect(pathOf(url)).toBe(path);
  });
});
