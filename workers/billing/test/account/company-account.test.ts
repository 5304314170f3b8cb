import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { aCheckpoint, aRelease, aReserve, aSettlement } from "../support/builders.ts";

const USD_100 = 100_000_000_000;
const anAccount = () => env.COMPANY_ACCOUNT.getByName(newId());

describe("reserve", () => {
  it("case 1: money for exactly 10 holds and 200 parallel requests admit exactly 10, available never below 0", async () => {
    const account = anAccount();
    const results = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const result = await account.reserve(aReserve({ requestId: newId(), holdNanoUsd: USD_100 / 10 }));
        expect((await account.balance()).available_nano_usd).toBeGreaterThanOrEqual(0);
        return result;
      }),
    );
    expect(results.filter((result) => result.ok)).toHaveLength(10);
    const codes = results.flatMap((result) => (result.ok ? [] : [result.error.code]));
    expect(new Set(codes)).toEqual(new Set(["insufficient_balance"]));
    expect(await account.balance()).toMatchObject({ held_nano_usd: USD_100, available_nano_usd: 0 });
  });

  it("case 10: a repeat after a lost reply holds once", async () => {
    const account = anAccount();
    const input = aReserve({ requestId: newId() });
    const first = await account.reserve(input);
    const second = await account.reserve(input);
    expect(second).toMatchObject({ ok: true, value: { holdNanoUsd: first.ok ? first.value.holdNanoUsd : null } });
    expect((await account.balance()).held_nano_usd).toBe(100);
  });

  it("a revoked key is refused on the very next reserve, also after a restart", async () => {
    const account = anAccount();
    await account.revokeKey("key-1");
    expect(await account.reserve(aReserve({ requestId: newId() }))).toMatchObject({
      error: { code: "invalid_api_key" },
    });
    await evictDurableObject(account);
    expect(await account.reserve(aReserve({ requestId: newId() }))).toMatchObject({
      error: { code: "invalid_api_key" },
    });
  });

  it("a paused key is refused until it is resumed, and a suspended company with every key", async () => {
    const account = anAccount();
    const codeOf = async () => {
      const answer = await account.reserve(aReserve({ requestId: newId() }));
      return answer.ok ? "ok" : answer.error.code;
    };
    const none = { revoked: [], paused: [], resumed: [] };
    await account.changeKeyAccess({ ...none, paused: ["key-1", "key-2"] });
    expect(await codeOf()).toBe("permission_denied");
    await evictDurableObject(account);
    expect(await codeOf()).toBe("permission_denied");
    await account.changeKeyAccess({ ...none, resumed: ["key-1"] });
    expect(await codeOf()).toBe("ok");
    await account.setSuspended(true);
    expect(await codeOf()).toBe("company_suspended");
    await account.setSuspended(false);
    expect(await codeOf()).toBe("ok");
    await account.changeKeyAccess({ ...none, revoked: ["key-1"] });
    await account.changeKeyAccess({ ...none, resumed: ["key-1"] });
    expect(await codeOf()).toBe("invalid_api_key");
  });

  it("a request over its rate limit consumes nothing else and says when to come back", async () => {
    const account = anAccount();
    const limits = { keyLimits: { requestsPerMinute: 1 } };
    const first = await account.reserve(aReserve({ requestId: newId(), ...limits }));
    expect(first).toMatchObject({ ok: true, value: { requests: { limit: 1, remaining: 0 }, tokens: null } });
    const second = await account.reserve(aReserve({ requestId: newId(), ...limits }));
    expect(second).toMatchObject({ error: { code: "rate_limit_exceeded", requests: { limit: 1, remaining: 0 } } });
    expect(second.ok ? 0 : second.error.retryAfterSeconds).toBeGreaterThan(50);
    expect((await account.balance()).held_nano_usd).toBe(100);
  });

  it("rate limits survive a restart", async () => {
    const account = anAccount();
    const limits = { keyLimits: { requestsPerMinute: 2, tokensPerMinute: 1000 } };
    await account.reserve(aReserve({ requestId: newId(), ...limits }));
    await account.reserve(aReserve({ requestId: newId(), ...limits }));
    await evictDurableObject(account);
    const third = await account.reserve(aReserve({ requestId: newId(), ...limits }));
    expect(third).toMatchObject({ error: { code: "rate_limit_exceeded" } });
  });

  it("concurrent requests of a key are limited exactly and freed by an ending", async () => {
    const account = anAccount();
    const limits = { keyLimits: { concurrentRequests: 3 } };
    const ids = Array.from({ length: 20 }, () => newId());
    const results = await Promise.all(ids.map((requestId) => account.reserve(aReserve({ requestId, ...limits }))));
    expect(results.filter((result) => result.ok)).toHaveLength(3);
    const admitted = ids[results.findIndex((result) => result.ok)] ?? "";
    await account.end([aRelease(admitted)]);
    expect(await account.reserve(aReserve({ requestId: newId(), ...limits }))).toMatchObject({ ok: true });
  });

  it("a key's budget holds under concurrency and across a restart", async () => {
    const account = anAccount();
    const budget = { keyBudget: { amountNanoUsd: 250, period: "month" as const } };
    const ids = Array.from({ length: 20 }, () => newId());
    const results = await Promise.all(ids.map((requestId) => account.reserve(aReserve({ requestId, ...budget }))));
    expect(results.filter((result) => result.ok)).toHaveLength(2);
    const admitted = ids.filter((_, index) => results[index]?.ok);
    await account.end(admitted.map((id) => aSettlement(id, 100)));
    await evictDurableObject(account);
    expect(await account.reserve(aReserve({ requestId: newId(), ...budget }))).toMatchObject({
      error: { code: "budget_exceeded" },
    });
    expect(await account.reserve(aReserve({ requestId: newId(), ...budget, holdNanoUsd: 50 }))).toMatchObject({
      ok: true,
    });
  });

  it("an Idempotency-Key is taken once: 409 with the first request's id, another body is a reuse", async () => {
    const account = anAccount();
    const first = newId();
    const idempotency = { keyHash: "hash-of-key", bodyHash: "hash-of-body" };
    await account.reserve(aReserve({ requestId: first, idempotency }));
    expect(await account.reserve(aReserve({ requestId: newId(), idempotency }))).toMatchObject({
      error: { code: "idempotency_in_progress", firstRequestId: first },
    });
    expect(
      await account.reserve(aReserve({ requestId: newId(), idempotency: { ...idempotency, bodyHash: "other" } })),
    ).toMatchObject({ error: { code: "idempotency_key_reused", firstRequestId: first } });
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 9_000_000_000_000_001])(
    "an amount of %d is refused and nothing changes",
    async (holdNanoUsd) => {
      const account = anAccount();
      expect(await account.reserve(aReserve({ requestId: newId(), holdNanoUsd }))).toMatchObject({
        error: { code: "invalid_request" },
      });
      expect((await account.balance()).held_nano_usd).toBe(0);
    },
  );
});

describe("end", () => {
  it("case 3: the rest of a hold is free at once", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id }));
    expect(await account.end([aSettlement(id, 37)])).toEqual(["applied"]);
    expect(await account.balance()).toMatchObject({ posted_nano_usd: USD_100 - 37, held_nano_usd: 0 });
    expect(await account.end([aSettlement(id, 37)])).toEqual(["repeated"]);
    expect((await account.balance()).posted_nano_usd).toBe(USD_100 - 37);
  });

  it.each([1, 99_900])("case 4: %i beyond the hold is charged in full as charge and overrun", async (excess) => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id }));
    await account.end([aSettlement(id, 100 + excess)]);
    const { data } = await account.transactions(10, undefined);
    expect(data.map(({ kind, amount_nano_usd }) => [kind, amount_nano_usd])).toEqual([
      ["overrun", -excess],
      ["charge", -100],
      ["signup", USD_100],
    ]);
  });

  it("case 4: after an overrun nothing is admitted while less is available than is needed", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id }));
    await account.end([aSettlement(id, USD_100 + 7)]);
    expect(await account.balance()).toMatchObject({ posted_nano_usd: -7, available_nano_usd: -7 });
    const again = () => account.reserve(aReserve({ requestId: newId(), holdNanoUsd: 100 }));
    expect(await again()).toMatchObject({ error: { code: "insufficient_balance" } });
    const credit = { kind: "credit" as const, reason: "r", grantedBy: "o" };
    await account.grant({ ...credit, amountNanoUsd: 106, idempotencyKey: "a" });
    expect(await again()).toMatchObject({ error: { code: "insufficient_balance" } });
    await account.grant({ ...credit, amountNanoUsd: 1, idempotencyKey: "b" });
    expect(await again()).toMatchObject({ ok: true });
  });

  it("many endings are applied in one call, each with its own outcome", async () => {
    const account = anAccount();
    const [a, b] = [newId(), newId()];
    await account.reserve(aReserve({ requestId: a }));
    await account.reserve(aReserve({ requestId: b }));
    const outcomes = await account.end([
      aSettlement(a, 10),
      aRelease(b),
      aSettlement(newId(), 5),
      aSettlement(a, 10),
      aSettlement(b, -1),
    ]);
    expect(outcomes).toEqual(["applied", "applied", "anomaly", "repeated", "invalid_request"]);
    expect(await account.balance()).toMatchObject({ posted_nano_usd: USD_100 - 10, held_nano_usd: 0 });
  });
});

describe("the account alone ends what the proxy abandoned", () => {
  it("case 12: never sent: the hold comes back by the alarm, nothing is charged", async () => {
    const account = anAccount();
    await account.reserve(aReserve({ requestId: newId(), leaseMs: 0 }));
    await runDurableObjectAlarm(account);
    expect(await account.balance()).toMatchObject({ posted_nano_usd: USD_100, held_nano_usd: 0 });
  });

  it("case 13: sent and checkpointed: charged from the checkpoint, flagged estimated and told, also after a crash of the object", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id, leaseMs: 0 }));
    await account.checkpoint(aCheckpoint(id, 42, { leaseMs: 0 }));
    await evictDurableObject(account);
    await runDurableObjectAlarm(account);
    expect(await account.balance()).toMatchObject({ posted_nano_usd: USD_100 - 42, held_nano_usd: 0 });
    const { data } = await account.transactions(1, undefined);
    expect(data[0]).toMatchObject({ kind: "charge", amount_nano_usd: -42, metadata: { estimated: true } });
    // The same alarm told analytics.
    const told = await runInDurableObject(account, (_, { storage }) =>
      storage.sql.exec("SELECT exported_seq, (SELECT max(seq) FROM entry) AS last_seq FROM account").one(),
    );
    expect(told["exported_seq"]).toBe(told["last_seq"]);
  });

  it("sent with nothing reported: the prompt is charged", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id, leaseMs: 0 }));
    await account.end([{ kind: "dispatched", requestId: id }]);
    await runDurableObjectAlarm(account);
    expect((await account.balance()).posted_nano_usd).toBe(USD_100 - 10);
  });

  it("a late settlement corrects an estimate once, by an adjustment", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id, leaseMs: 0 }));
    await account.checkpoint(aCheckpoint(id, 42, { leaseMs: 0 }));
    await runDurableObjectAlarm(account);
    expect(await account.end([aSettlement(id, 30)])).toEqual(["applied"]);
    expect(await account.end([aSettlement(id, 30)])).toEqual(["repeated"]);
    expect((await account.balance()).posted_nano_usd).toBe(USD_100 - 30);
  });

  it("a late settlement of an expired reservation is charged once and marked late", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id, leaseMs: 0 }));
    await runDurableObjectAlarm(account);
    expect(await account.end([aSettlement(id, 30), aSettlement(id, 30)])).toEqual(["applied", "repeated"]);
    const { data } = await account.transactions(5, undefined);
    expect(data[0]).toMatchObject({ kind: "charge", amount_nano_usd: -30, metadata: { late: true } });
    expect((await account.balance()).posted_nano_usd).toBe(USD_100 - 30);
  });
});

describe("checkpoint", () => {
  it("case 24: tops up the hold while there is money, refuses when there is none and keeps the old hold", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id }));
    expect(await account.checkpoint(aCheckpoint(id, 90, { raiseHoldToNanoUsd: 500 }))).toMatchObject({
      ok: true,
      value: { holdNanoUsd: 500 },
    });
    expect(await account.checkpoint(aCheckpoint(id, 490, { raiseHoldToNanoUsd: USD_100 + 1 }))).toMatchObject({
      error: { code: "insufficient_balance" },
    });
    expect((await account.balance()).held_nano_usd).toBe(500);
  });

  it("carries a wish to stop to the proxy", async () => {
    const account = anAccount();
    const id = newId();
    await account.reserve(aReserve({ requestId: id }));
    expect(await account.cancel(id)).toEqual({ ok: true });
    expect(await account.checkpoint(aCheckpoint(id, 5))).toMatchObject({ value: { cancelRequested: true } });
    expect(await account.cancel(newId())).toMatchObject({ error: { code: "not_found" } });
  });
});

describe("cost of a request", () => {
  it("a warm request writes at most 4 rows for reserve and settle together, alarm included", async () => {
    const account = anAccount();
    await account.reserve(aReserve({ requestId: newId() }));
    const written = await runInDurableObject(account, async (instance, state) => {
      const rows = () => rowsOf(state);
      const before = rows();
      const id = newId();
      await instance.reserve(aReserve({ requestId: id }));
      await instance.end([aSettlement(id, 37)]);
      return rows() - before;
    });
    expect(written).toBe(3);
  });
});

/** Rows changed since the connection was opened, as SQLite itself counts them. */
function rowsOf(state: DurableObjectState): number {
  return Number(state.storage.sql.exec("SELECT total_changes() AS rows").one()["rows"]);
}
