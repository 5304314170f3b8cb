import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Reservation } from "@aggregator/contracts/account";
import type { Actor } from "@aggregator/contracts/actor";
import { chargeOf } from "@aggregator/money/charge";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { endRequest } from "../../src/account/end-request.ts";
import { readRequest } from "../../src/account/read-requests.ts";
import { reserve } from "../../src/account/reserve.ts";
import { setMarkupOverrides } from "../../src/account/set-markup-overrides.ts";
import { type MarkupOverrides, markupFor } from "../../src/domain/markup.ts";
import { accountOf, aContext, anActor, billing, operator, refusalOf, until, valueOf } from "../support/billing.ts";
import { aRecord, aReserve, aSettlement } from "../support/builders.ts";
import { cron } from "../support/plans.ts";
import { openEngine } from "../support/open-engine.ts";

const aModel = () => `test/${newId()}`;

/** A reservation of a request that these models may serve, the first one first. */
async function reserved(actor: Actor, models: readonly string[], requestId = newId()): Promise<Reservation> {
  const [model = ""] = models;
  const { subject } = aReserve({ requestId });
  const input = aReserve({ requestId, holdNanoUsd: 1_000, subject: { ...subject, model }, models });
  const result = await accountOf(actor).reserve(input);
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

const markupOf = async (actor: Actor, model: string) => (await reserved(actor, [model])).markupBps;
const set = (input: object) => valueOf(billing.setMarkupOverride(aContext(), operator, input, null));
const drop = (query: object) => valueOf(billing.deleteMarkupOverride(aContext(), operator, query, null));

/** An account that the cron knows. */
async function anActiveAccount(): Promise<Actor> {
  const actor = anActor();
  await markupOf(actor, "any");
  await runDurableObjectAlarm(accountOf(actor));
  await until(async () => {
    const listed = await env.DB.prepare("SELECT 1 FROM accounts WHERE company_id = ?").bind(actor.companyId).first();
    expect(listed).not.toBeNull();
  });
  return actor;
}

describe("a markup that is not the plan's", () => {
  it("is the most specific: of company and model, company, model, plan", async () => {
    const [model, other] = [aModel(), aModel()];
    const [actor, another] = [await anActiveAccount(), await anActiveAccount()];
    const company_id = actor.companyId;
    await accountOf(actor).setPlan({ planId: "p", markupBps: 100, rateLimits: {}, revision: [1, 1] });
    expect(await markupOf(actor, model)).toBe(100);
    await set({ model, markup_bps: 200 });
    expect([await markupOf(actor, model), await markupOf(actor, other)]).toEqual([200, 100]);
    await set({ company_id, markup_bps: 300 });
    expect([await markupOf(actor, model), await markupOf(actor, other)]).toEqual([300, 300]);
    await set({ company_id, model, markup_bps: 0 });
    expect([await markupOf(actor, model), await markupOf(actor, other)]).toEqual([0, 300]);
    expect([await markupOf(another, model), await markupOf(another, other)]).toEqual([200, 0]);
    await drop({ company_id, model });
    expect(await markupOf(actor, model)).toBe(300);
    await drop({ company_id });
    expect([await markupOf(actor, model), await markupOf(actor, other)]).toEqual([200, 100]);
    await drop({ model });
    expect([await markupOf(actor, model), await markupOf(another, model)]).toEqual([100, 0]);
  });

  it("that was set before an account existed is in force for its first request", async () => {
    const model = aModel();
    await set({ model, markup_bps: 700 });
    expect(await markupOf(anActor(), model)).toBe(700);
  });

  it("reaches an account that nobody told by the cron, and an older state changes nothing", async () => {
    const [model, actor] = [aModel(), await anActiveAccount()];
    const { revision } = await env.DB.prepare(
      `INSERT INTO markup_overrides SELECT '', ?, 900, max(revision) + 1, 0 FROM markup_overrides RETURNING revision`,
    )
      .bind(model)
      .first<{ revision: number }>()
      .then((row) => row ?? { revision: 0 });
    expect(await markupOf(actor, model)).toBe(0);
    await cron();
    expect(await markupOf(actor, model)).toBe(900);
    const older: MarkupOverrides = { revision: revision - 1, company: 1, companyModels: {}, models: {} };
    await accountOf(actor).setMarkupOverrides(older);
    expect(await markupOf(actor, model)).toBe(900);
  });

  it("is pinned for each model of a request: hold, receipt and charge, whatever changes meanwhile", async () => {
    const [first, second] = [aModel(), aModel()];
    const actor = anActor({ permissions: ["requests:read"] });
    const company_id = actor.companyId;
    await set({ company_id, model: first, markup_bps: 1_000 });
    await set({ company_id, model: second, markup_bps: 5_000 });
    const id = newId();
    const pinned = await reserved(actor, [first, second], id);
    expect(pinned).toMatchObject({ holdNanoUsd: 1_500, markupBps: 1_000, markupBpsByModel: { [second]: 5_000 } });
    await set({ company_id, model: second, markup_bps: 9_000 });
    expect(await reserved(actor, [first, second], id)).toEqual({ ...pinned, requests: null, tokens: null });

    const version = { id: "v", base: { input: 3_000_000, output: 3_000_000 }, tiers: [] };
    const usage = { input: 100, output: 7 };
    const charge = chargeOf(usage, version, pinned.markupBpsByModel?.[second]);
    const record = aRecord({ usage, model: second });
    await accountOf(actor).end([aSettlement(id, charge.priceNanoUsd, { ...charge, record })]);
    expect(charge).toEqual({ costNanoUsd: 321, priceNanoUsd: 482 });
    expect(await valueOf(billing.getRequest(aContext(), actor, id))).toMatchObject({
      price_version: "price-1",
      markup_bps: 5_000,
      cost_nano_usd: 482,
    });
    const kept = await runInDurableObject(accountOf(actor), (_, { storage }) =>
      storage.sql.exec("SELECT price, cost FROM reservation WHERE id = ?", id).one(),
    );
    expect(kept).toEqual({ price: 482, cost: 321 });
  });

  it("is what the row says after a restart between hold and settlement, and costs no row of its own", async () => {
    await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), (_, { storage }) => {
      const account = openEngine(storage, { creditNanoUsd: 1_000_000 });
      const told = { revision: 1, company: null, companyModels: {}, models: { a: 1_000, b: 2_000 } };
      account.engine.run((open) => setMarkupOverrides(open, told));
      const { subject } = aReserve({ requestId: "r" });
      const input = aReserve({ requestId: "r", subject: { ...subject, model: "a" }, models: ["a", "b", "c"] });
      const before = account.sql.rowsWritten();
      const pinned = account.engine.run((open) => reserve(open, input));
      expect(account.sql.rowsWritten() - before).toBe(1);
      expect(pinned).toMatchObject({ value: { markupBps: 1_000, markupBpsByModel: { b: 2_000, c: 0 } } });
      account.engine.run((open) => setMarkupOverrides(open, { ...told, revision: 2, models: {} }));
      account.restart();
      expect(account.engine.run((open) => reserve(open, input))).toEqual(pinned);
      const next = account.engine.run((open) => reserve(open, { ...input, requestId: "s" }));
      expect(next).toMatchObject({ value: { markupBps: 0 } });
      account.engine.run((open) => endRequest(open, aSettlement("r", 12, { record: aRecord({ model: "b" }) })));
      expect(account.engine.run((open) => readRequest(open, "r"))).toMatchObject({ markup_bps: 2_000 });
    });
  });

  it("is found by a model's own name only", () => {
    const overrides = { revision: 1, company: null, companyModels: {}, models: {} };
    expect(markupFor(overrides, 5, "constructor")).toBe(5);
    expect(markupFor(null, 5, "m")).toBe(5);
  });

  it("is listed, page by page, and one that is gone is neither listed nor dropped again", async () => {
    const company_id = newId();
    const models = [aModel(), aModel(), aModel()].toSorted();
    for (const model of models) await set({ company_id, model, markup_bps: 1 });
    await drop({ company_id, model: models[1] });
    const seen: (string | null)[] = [];
    let cursor: string | null | undefined;
    do {
      const query = { limit: "1", ...(cursor === undefined ? {} : { cursor }) };
      const listed = await valueOf(billing.listMarkupOverrides(aContext(), operator, query));
      seen.push(...listed.data.filter((row) => row.company_id === company_id).map(({ model }) => model));
      cursor = listed.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual([models[0], models[2]]);
    const again = billing.deleteMarkupOverride(aContext(), operator, { company_id, model: models[1] }, null);
    expect((await refusalOf(again)).code).toBe("not_found");
  });

  it.each([
    [{ markup_bps: 1 }, "company_id"],
    [{ company_id: "nobody", markup_bps: 1 }, "company_id"],
    [{ model: "m", markup_bps: -1 }, "markup_bps"],
    [{ model: "m", markup_bps: 0.5 }, "markup_bps"],
    [{ model: "m", markup_bps: 100_001 }, "markup_bps"],
    [{ model: "", markup_bps: 1 }, "model"],
  ])("%j is refused", async (input, param) => {
    const refused = await refusalOf(billing.setMarkupOverride(aContext(), operator, input, null));
    expect(refused).toMatchObject({ code: "invalid_request", param });
  });

  it("belongs to operators", async () => {
    const [actor, context] = [anActor(), aContext()];
    for (const refused of [
      billing.listMarkupOverrides(context, actor, {}),
      billing.setMarkupOverride(context, actor, { company_id: actor.companyId, markup_bps: 0 }, null),
      billing.deleteMarkupOverride(context, actor, { company_id: actor.companyId }, null),
    ]) {
      expect((await refusalOf(refused)).code).toBe("permission_denied");
    }
  });
});

describe("an answer from the response cache", () => {
  const hit = (actor: Actor) =>
    accountOf(actor).reserve(aReserve({ requestId: newId(), holdNanoUsd: 1_001, isCacheHit: true }));

  it("holds the share of its price that the plan takes, markup included, and says which", async () => {
    const actor = anActor();
    expect(await hit(actor)).toMatchObject({ ok: true, value: { holdNanoUsd: 0 } });
    const plan = { planId: "p", markupBps: 1_000, rateLimits: {} };
    await accountOf(actor).setPlan({ ...plan, revision: [1, 1] });
    const free = await hit(actor);
    expect(free).toMatchObject({ ok: true, value: { holdNanoUsd: 0, markupBps: 1_000 } });
    expect(free.ok && "cacheHitBps" in free.value).toBe(false);
    await accountOf(actor).setPlan({ ...plan, cacheHitBps: 2_500, revision: [1, 2] });
    // A quarter of 1,001 is 251, with a tenth more 277.
    expect(await hit(actor)).toMatchObject({ value: { holdNanoUsd: 277, cacheHitBps: 2_500 } });
    const other = await accountOf(actor).reserve(aReserve({ requestId: newId(), holdNanoUsd: 1_000 }));
    expect(other).toMatchObject({ ok: true, value: { holdNanoUsd: 1_100 } });
    expect(other.ok && "cacheHitBps" in other.value).toBe(false);
  });

  it("is refused like any other when the balance does not cover what it costs", async () => {
    const actor = anActor();
    await accountOf(actor).setPlan({
      planId: "p",
      markupBps: 0,
      cacheHitBps: 10_000,
      rateLimits: {},
      revision: [1, 1],
    });
    const dear = aReserve({ requestId: newId(), holdNanoUsd: 1e15, isCacheHit: true });
    expect(await accountOf(actor).reserve(dear)).toMatchObject({ ok: false, error: { code: "insufficient_balance" } });
  });
});
