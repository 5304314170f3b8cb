import { env } from "cloudflare:workers";
import { err } from "@aggregator/contracts/result";
import { describe, expect, it } from "vitest";
import { type Call, openCall } from "../src/call.ts";
import { canonicalBlock, isWithin, networkOf } from "../src/domain/network.ts";
import type { Env } from "../src/env.ts";
import { logIn } from "../src/operations/log-in.ts";
import { register } from "../src/operations/register.ts";
import { serve } from "../src/serve.ts";
import { context, newEmail, PASSWORD, registerCompany, rowsOf } from "./support/auth.ts";

/** A call with its own limit, from its own address. */
function limitedCall(clientIp: string, limit: number): Call {
  const limited: Env = { ...env, AUTH_RATE_LIMIT_PER_MINUTE: String(limit) };
  return openCall(limited, context({ clientIp }), () => undefined);
}

describe("attempts", () => {
  it("of one network are limited, whatever e-mail they name", async () => {
    const call = limitedCall("192.0.2.1", 3);
    const attempt = () => logIn(call, { email: newEmail(), password: PASSWORD });
    for (let n = 0; n < 3; n += 1) {
      expect(await attempt()).toMatchObject({ ok: false, error: { code: "invalid_credentials" } });
    }
    const refused = await attempt();
    expect(refused).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
    expect(refused.ok ? 0 : refused.error.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused.ok ? 99 : refused.error.retryAfterSeconds).toBeLessThanOrEqual(20);
  });

  it("on one e-mail are limited, whatever network they come from, known or not", async () => {
    const { email: known } = await registerCompany();
    for (const email of [known, newEmail()]) {
      const answers = [];
      for (let n = 0; n < 4; n += 1) {
        answers.push(await logIn(limitedCall(`198.51.${n}.${email.length}`, 3), { email, password: "wrong password" }));
      }
      const codes = answers.map((answer) => (answer.ok ? "ok" : answer.error.code));
      expect(codes).toEqual([...Array<string>(3).fill("invalid_credentials"), "rate_limit_exceeded"]);
    }
  });

  it("over the limit do not hash: they are answered in a fraction of a hash's time, and register nobody", async () => {
    const call = limitedCall("192.0.2.2", 1);
    const email = newEmail();
    await logIn(call, { email: newEmail(), password: PASSWORD });
    const answer = await register(call, { name: "Acme", email, password: PASSWORD });
    expect(answer).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
    expect(await rowsOf("SELECT 1 FROM members WHERE email = ?", email)).toEqual([]);
  });

  it("from all addresses of one IPv6 customer count together", async () => {
    const answers = [];
    for (const host of [":1", "2:3:4:5"]) {
      answers.push(await logIn(limitedCall(`2001:db8:7:7:${host}`, 1), { email: newEmail(), password: PASSWORD }));
    }
    expect(answers[1]).toMatchObject({ ok: false, error: { code: "rate_limit_exceeded" } });
  });

  it("are counted exactly when they come at once", async () => {
    const call = limitedCall("192.0.2.3", 5);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => logIn(call, { email: newEmail(), password: PASSWORD })),
    );
    expect(answers.filter((answer) => !answer.ok && answer.error.code === "rate_limit_exceeded")).toHaveLength(7);
  });
});

describe("networks", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["not an address", "unknown"],
    [null, "unknown"],
  ])("%s counts as %s", (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });

  it.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["203.0.113.7/24", "203.0.113.0/24"],
    ["2001:db8::5/32", "2001:db8::/32"],
    ["203.0.113.7/33", null],
    ["127.1", null],
    ["0x7f000001", null],
    ["203.0.113.0/24 ", null],
    ["example.com", null],
  ])("%s is the block %s", (text, block) => {
    expect(canonicalBlock(text)).toBe(block);
  });

  it.each([
    ["203.0.113.0/24", ["203.0.0.0/16"], true],
    ["203.0.113.0/24", ["203.0.113.0/24"], true],
    ["203.0.0.0/16", ["203.0.113.0/24"], false],
    ["203.0.113.0/24", ["2001:db8::/32"], false],
    ["2001:db8:1::/48", ["198.51.100.0/24", "2001:db8::/32"], true],
  ])("%s within %j: %s", (inner, outer, expected) => {
    expect(isWithin(inner, outer)).toBe(expected);
  });
});

describe("case 17: when the database or the counter fails", () => {
  const execution = { waitUntil: () => undefined };

  it("every operation answers service_unavailable, never an identity and never a 401", async () => {
    const dead: Env = { ...env, DB: deadDatabase() };
    const answer = await serve(dead, execution, context(), "login", (call) =>
      logIn(call, { email: newEmail(), password: PASSWORD }),
    );
    expect(answer).toEqual({
      ...err("service_unavailable", "Accounts cannot be reached; try again shortly.", { retryAfterSeconds: 1 }),
    });
  });

  it("a counter that does not answer refuses the attempt", async () => {
    const dead: Env = { ...env, ATTEMPTS: deadCounter() };
    const answer = await serve(dead, execution, context(), "login", (call) =>
      logIn(call, { email: newEmail(), password: PASSWORD }),
    );
    expect(answer).toMatchObject({ ok: false, error: { code: "service_unavailable" } });
  });
});

/** A database that is down: every statement fails when it runs. */
function deadDatabase(): D1Database {
  return new Proxy(env.DB, {
    get: () => () => {
      throw new Error("D1_ERROR: near secret: SELECT password_hash FROM members");
    },
  });
}

function deadCounter(): Env["ATTEMPTS"] {
  return new Proxy(env.ATTEMPTS, {
    get: () => () => {
      throw new Error("overloaded");
    },
  });
}
