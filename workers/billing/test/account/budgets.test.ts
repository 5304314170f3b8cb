import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { aContext, anActor, billing, refusalOf, valueOf } from "../support/billing.ts";
import { aCheckpoint, aRelease, aReserve, aSettlement } from "../support/builders.ts";

const aManager = () => anActor({ permissions: ["billing:read", "budgets:manage"] });
const account = (actor: { companyId: string }) => env.COMPANY_ACCOUNT.getByName(actor.companyId);
const CALLER = { keyId: "key-1", memberId: "member-1" };

describe.each([
  ["company", undefined, "The company's budget"],
  ["member", CALLER.memberId, "This member's budget"],
  ["key", CALLER.keyId, "This key's budget"],
] as const)("a budget of a %s", (scope, scopeId, named) => {
  it("is enforced with the balance, under concurrency and across a restart, and names itself", async () => {
    const actor = aManager();
    const input = { scope, scope_id: scopeId, period: "day", amount_nano_usd: 250 };
    const made = await valueOf(billing.createBudget(aContext(), actor, input, null));
    expect(made).toMatchObject({ scope, scope_id: scopeId ?? null, spent_nano_usd: 0, remaining_nano_usd: 250 });

    const ids = Array.from({ length: 20 }, () => newId());
    const results = await Promise.all(
      ids.map((requestId) => account(actor).reserve(aReserve({ requestId, ...CALLER }))),
    );
    const admitted = ids.filter((_, index) => results[index]?.ok);
    expect(admitted).toHaveLength(2);
    const refused = results.find((result) => !result.ok);
    expect(refused).toMatchObject({
      error: { code: "budget_exceeded", message: expect.stringContaining(named) as string },
    });

    await account(actor).end(admitted.map((id) => aSettlement(id, 60)));
    await runDurableObjectAlarm(account(actor));
    await evictDurableObject(account(actor));
    expect(await valueOf(billing.getBudget(aContext(), actor, made.id))).toMatchObject({
      spent_nano_usd: 120,
      held_nano_usd: 0,
      remaining_nano_usd: 130,
    });
    const over = aReserve({ requestId: newId(), ...CALLER, holdNanoUsd: 131 });
    expect(await account(actor).reserve(over)).toMatchObject({ error: { code: "budget_exceeded" } });
    const within = aReserve({ requestId: newId(), ...CALLER, holdNanoUsd: 130 });
    expect(await account(actor).reserve(within)).toMatchObject({ ok: true });
  });

  it("does not limit anybody else", async () => {
    const actor = aManager();
    await billing.createBudget(
      aContext(),
      actor,
      { scope, scope_id: scopeId, period: "lifetime", amount_nano_usd: 0 },
      null,
    );
    const other = aReserve({ requestId: newId(), keyId: "key-2", memberId: "member-2" });
    expect(await account(actor).reserve(other)).toMatchObject({ ok: scope !== "company" });
  });
});

describe("a budget that refuses", () => {
  it("refuses to raise a hold, keeps the old one and the request goes on to its end", async () => {
    const actor = aManager();
    const id = newId();
    await billing.createBudget(aContext(), actor, { scope: "company", period: "month", amount_nano_usd: 150 }, null);
    await account(actor).reserve(aReserve({ requestId: id, ...CALLER }));
    expect(await account(actor).checkpoint(aCheckpoint(id, 90, { raiseHoldToNanoUsd: 150 }))).toMatchObject({
      value: { holdNanoUsd: 150 },
    });
    expect(await account(actor).checkpoint(aCheckpoint(id, 140, { raiseHoldToNanoUsd: 151 }))).toMatchObject({
      error: { code: "budget_exceeded" },
    });
    expect(await account(actor).end([aSettlement(id, 150)])).toEqual(["applied"]);
  });

  it("consumes no other limit, and is free again when a request is released", async () => {
    const actor = aManager();
    const id = newId();
    const limited = { ...CALLER, keyLimits: { requestsPerMinute: 2 } };
    await billing.createBudget(aContext(), actor, { scope: "company", period: "day", amount_nano_usd: 100 }, null);
    await account(actor).reserve(aReserve({ requestId: id, ...limited }));
    for (let count = 0; count < 5; count += 1) {
      const refused = await account(actor).reserve(aReserve({ requestId: newId(), ...limited }));
      expect(refused).toMatchObject({ error: { code: "budget_exceeded" } });
    }
    await account(actor).end([aRelease(id)]);
    expect(await account(actor).reserve(aReserve({ requestId: newId(), ...limited }))).toMatchObject({ ok: true });
  });
});

describe("managing budgets", () => {
  it("lists, changes and lifts them; the change is in force at once", async () => {
    const actor = aManager();
    const create = (input: object) => billing.createBudget(aContext(), actor, input, null);
    await create({ scope: "key", scope_id: "k", period: "day", amount_nano_usd: 5 });
    await create({ scope: "company", period: "month", amount_nano_usd: 6 });
    await create({ scope: "company", period: "day", amount_nano_usd: 7 });
    const first = await valueOf(billing.listBudgets(aContext(), actor, { limit: "2" }));
    expect(first.data.map(({ id }) => id)).toEqual(["company.day", "company.month"]);
    const rest = await valueOf(billing.listBudgets(aContext(), actor, { limit: "2", cursor: first.nextCursor }));
    expect(rest).toMatchObject({ data: [{ id: "key.k.day" }], nextCursor: null });

    const reserve = () => account(actor).reserve(aReserve({ requestId: newId(), ...CALLER }));
    expect(await reserve()).toMatchObject({ error: { code: "budget_exceeded" } });
    const changed = await valueOf(
      billing.updateBudget(aContext(), actor, "company.day", { amount_nano_usd: 1_000 }, null),
    );
    expect(changed.amount_nano_usd).toBe(1_000);
    expect(await reserve()).toMatchObject({ error: { code: "budget_exceeded" } });
    await valueOf(billing.deleteBudget(aContext(), actor, "company.month", null));
    expect(await reserve()).toMatchObject({ ok: true });
    expect(await refusalOf(billing.deleteBudget(aContext(), actor, "company.month", null))).toMatchObject({
      code: "not_found",
    });
  });

  it("creates one per owner and period, once per Idempotency-Key", async () => {
    const actor = aManager();
    const input = { scope: "company", period: "day", amount_nano_usd: 5 };
    const first = await billing.createBudget(aContext(), actor, input, "key-1");
    expect(await billing.createBudget(aContext(), actor, input, "key-1")).toEqual({ ...first, replayed: true });
    expect(await refusalOf(billing.createBudget(aContext(), actor, input, null))).toMatchObject({
      code: "already_exists",
    });
  });

  it.each([
    [{ scope: "company", scope_id: "k", period: "day", amount_nano_usd: 1 }, "scope_id"],
    [{ scope: "key", period: "day", amount_nano_usd: 1 }, "scope_id"],
    [{ scope: "key", scope_id: "a.b", period: "day", amount_nano_usd: 1 }, "scope_id"],
    [{ scope: "team", period: "day", amount_nano_usd: 1 }, "scope"],
    [{ scope: "company", period: "week", amount_nano_usd: 1 }, "period"],
    [{ scope: "company", period: "day", amount_nano_usd: -1 }, "amount_nano_usd"],
    [{ scope: "company", period: "day", amount_nano_usd: 0.5 }, "amount_nano_usd"],
    [{ scope: "company", period: "day", amount_nano_usd: 9_000_000_000_000_001 }, "amount_nano_usd"],
    [{ scope: "company", period: "day", amount_nano_usd: 1, company_id: "x" }, "company_id"],
  ])("refuses %j naming %s, and nothing is stored", async (input, param) => {
    const actor = aManager();
    expect(await refusalOf(billing.createBudget(aContext(), actor, input, null))).toMatchObject({
      code: "invalid_request",
      param,
    });
    expect((await valueOf(billing.listBudgets(aContext(), actor, {}))).data).toEqual([]);
  });

  it("needs budgets:manage, and another company's budget is as one that is missing", async () => {
    const [actor, reader] = [aManager(), anActor({ permissions: ["billing:read"] })];
    const input = { scope: "company", period: "day", amount_nano_usd: 5 };
    expect(await refusalOf(billing.createBudget(aContext(), reader, input, null))).toMatchObject({
      code: "permission_denied",
    });
    await billing.createBudget(aContext(), actor, input, null);
    for (const id of ["company.day", "nonsense"]) {
      expect(await refusalOf(billing.getBudget(aContext(), reader, id))).toEqual({
        code: "not_found",
        message: "There is no such budget.",
      });
    }
  });
});
