import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { keepDailyTotals } from "../../src/db/ledger.ts";
import { dayOf } from "../../src/domain/day-total.ts";
import { reconcileLedgers } from "../../src/reconciliation/reconcile-ledgers.ts";
import {
  accountOf,
  aContext,
  anActor,
  billing,
  db,
  operator,
  refusalOf,
  SIGNUP,
  until,
  valueOf,
} from "../support/billing.ts";
import { aRelease, aReserve, aSettlement } from "../support/builders.ts";

const HOUR = 3_600_000;
const today = () => dayOf(Date.now());

async function spend(actor: Actor, ...prices: readonly number[]): Promise<void> {
  const account = accountOf(actor);
  for (const price of prices) {
    const id = newId();
    await account.reserve(aReserve({ requestId: id, holdNanoUsd: price }));
    await account.end([price === 0 ? aRelease(id) : aSettlement(id, price)]);
  }
}

/** Changes a row behind the account's back. */
function tamper(actor: Actor, statement: string): Promise<void> {
  return runInDurableObject(accountOf(actor), (_, { storage }) => void storage.sql.exec(statement));
}

function totalOf(actor: Actor) {
  return env.DB.prepare("SELECT entries, amount_nano_usd AS amount FROM daily_totals WHERE company_id = ? AND day = ?")
    .bind(actor.companyId, today())
    .first<{ entries: number; amount: number }>();
}

/** A company that spent 100 in three requests, all told. */
async function anAccount(): Promise<Actor> {
  const actor = anActor();
  await spend(actor, 30, 60, 0, 10);
  await runDurableObjectAlarm(accountOf(actor));
  await until(async () => expect(await totalOf(actor)).toEqual({ entries: 4, amount: SIGNUP - 100 }));
  return actor;
}

async function compare(actor: Actor, day = today()) {
  return (await valueOf(billing.reconcileLedger(aContext(), operator, { company_id: actor.companyId, day }, null)))
    .data;
}

async function findingsOf(actor: Actor) {
  const { data } = await valueOf(billing.ledgerFindings(aContext(), operator, { limit: "100" }));
  return data.filter(({ company_id }) => company_id === actor.companyId);
}

describe("the hourly comparison of ledgers with their daily totals", () => {
  it("finds nothing where nothing differs, also while entries are on their way", async () => {
    const actor = await anAccount();
    expect(await compare(actor)).toEqual([]);
    await spend(actor, 5, 6);
    expect(await compare(actor)).toEqual([]);
  });

  it.each([1, -1])("case 60: a planted difference of %d nano is found, and names company and day", async (nano) => {
    const [actor, other] = [await anAccount(), await anAccount()];
    await env.DB.prepare("UPDATE daily_totals SET amount_nano_usd = amount_nano_usd + ? WHERE company_id = ?")
      .bind(nano, actor.companyId)
      .run();
    expect(await reconcileLedgers(env, Date.now())).toBeGreaterThan(0);
    expect(await findingsOf(actor)).toMatchObject([
      {
        day: today(),
        company_id: actor.companyId,
        ledger_nano_usd: SIGNUP - 100,
        total_nano_usd: SIGNUP - 100 + nano,
      },
    ]);
    expect(await findingsOf(other)).toEqual([]);
    await env.DB.prepare("UPDATE daily_totals SET amount_nano_usd = amount_nano_usd - ? WHERE company_id = ?")
      .bind(nano, actor.companyId)
      .run();
    await reconcileLedgers(env, Date.now());
    expect(await findingsOf(actor)).toEqual([]);
  });

  it("case 60: a nano planted in the ledger is found", async () => {
    const actor = await anAccount();
    await tamper(actor, "UPDATE entry SET amount = amount - 1 WHERE seq = 2");
    expect(await compare(actor)).toMatchObject([{ ledger_nano_usd: SIGNUP - 101, total_nano_usd: SIGNUP - 100 }]);
  });

  it("case 60: an entry that is gone, and a total that never came", async () => {
    const [gone, silent] = [await anAccount(), await anAccount()];
    await tamper(gone, "DELETE FROM entry WHERE seq = 3");
    expect(await compare(gone)).toMatchObject([{ ledger_entries: 3, total_entries: 4 }]);
    await env.DB.prepare("DELETE FROM daily_totals WHERE company_id = ?").bind(silent.companyId).run();
    expect(await compare(silent)).toEqual([]);
    expect(await reconcileLedgers(env, Date.now() + 2 * HOUR)).toBeGreaterThan(0);
    expect(await findingsOf(silent)).toMatchObject([{ day: today(), total_nano_usd: 0, total_entries: 0 }]);
  });

  it("runs by its own trigger", async () => {
    const actor = await anAccount();
    await env.DB.prepare("UPDATE daily_totals SET entries = 9 WHERE company_id = ?").bind(actor.companyId).run();
    await billing.scheduled({ cron: "41 * * * *", scheduledTime: Date.now(), noRetry: () => undefined });
    expect(await findingsOf(actor)).toHaveLength(1);
  });

  it("a total that is told late never replaces a newer one", async () => {
    const actor = await anAccount();
    const told = (throughSeq: number) => [{ day: today(), throughSeq, entries: 5, amountNanoUsd: 1 }];
    await keepDailyTotals(db, actor.companyId, told(2), Date.now());
    expect(await totalOf(actor)).toEqual({ entries: 4, amount: SIGNUP - 100 });
    await keepDailyTotals(db, actor.companyId, told(9), Date.now());
    expect(await totalOf(actor)).toEqual({ entries: 5, amount: 1 });
  });
});

describe("the audit of an account", () => {
  const audit = (actor: Actor) => valueOf(billing.auditAccount(aContext(), operator, actor.companyId));

  it("replays all of its entries and finds that they tie, told or not", async () => {
    const actor = await anAccount();
    await spend(actor, 7);
    expect(await audit(actor)).toEqual({
      company_id: actor.companyId,
      entries: 6,
      balance_nano_usd: SIGNUP - 107,
      ties: true,
      faults: [],
    });
  });

  it.each([
    ["an amount", "UPDATE entry SET amount = amount - 1 WHERE seq = 3", "entry 3"],
    ["a balance", "UPDATE entry SET balance_after = balance_after + 1 WHERE seq = 3", "entry 3"],
    ["an entry that is gone", "DELETE FROM entry WHERE seq = 2", "entry 2 is missing"],
    ["a time that goes back", "UPDATE entry SET at = at - 1000 WHERE seq = 3", "older"],
    ["a receipt", "UPDATE reservation SET price = price + 1 WHERE price = 60", "cost 61, the entries say 60"],
    ["what analytics was told", "UPDATE cell SET price = price + 1 WHERE price > 0", "analytics was told of 101"],
    ["a hold", "UPDATE reservation SET state = 'held' WHERE price = 60", "rows say"],
  ])("finds %s that is off by one", async (_name, statement, fault) => {
    const actor = await anAccount();
    await tamper(actor, statement);
    const { ties, faults } = await audit(actor);
    expect(ties).toBe(false);
    expect(faults.join("; ")).toContain(fault);
  });

  it("belongs to operators, and an id that is none is not found", async () => {
    const [actor, context] = [anActor(), aContext()];
    const compared = { company_id: actor.companyId, day: today() };
    for (const refused of [
      billing.auditAccount(context, actor, actor.companyId),
      billing.unfreezeAccount(context, actor, actor.companyId, { reason: "r" }, null),
      billing.ledgerFindings(context, actor, {}),
      billing.reconcileLedger(context, actor, compared, null),
    ]) {
      expect((await refusalOf(refused)).code).toBe("permission_denied");
    }
    expect((await refusalOf(billing.auditAccount(context, operator, "nobody"))).code).toBe("not_found");
    for (const day of ["2026-02-30", "today", null]) {
      const refused = await refusalOf(billing.reconcileLedger(context, operator, { ...compared, day }, null));
      expect(refused).toMatchObject({ code: "invalid_request", param: "day" });
    }
  });
});

describe("the self-check", () => {
  const unfreeze = (actor: Actor, input: unknown = { reason: "looked" }, key: string | null = null) =>
    billing.unfreezeAccount(aContext(), operator, actor.companyId, input, key);
  const reserve = (actor: Actor) => accountOf(actor).reserve(aReserve({ requestId: newId() }));

  it("freezes the account whose books do not tie, and no other; an operator lets it go on once they do", async () => {
    const [broken, sound] = [await anAccount(), await anAccount()];
    await tamper(broken, "UPDATE entry SET amount = amount - 1 WHERE seq = 3");
    await spend(broken, 1);
    await runDurableObjectAlarm(accountOf(broken));
    expect(await reserve(broken)).toMatchObject({ ok: false, error: { code: "account_frozen" } });
    expect((await reserve(sound)).ok).toBe(true);

    const refused = await refusalOf(unfreeze(broken));
    expect(refused.code).toBe("conflict");
    expect(refused.message).toContain("the chain of balances breaks at entry 3");
    expect(await refusalOf(unfreeze(broken, {}))).toMatchObject({ code: "invalid_request", param: "reason" });
    await tamper(broken, "UPDATE entry SET amount = amount + 1 WHERE seq = 3");
    await valueOf(unfreeze(broken));
    expect((await reserve(broken)).ok).toBe(true);
    expect((await refusalOf(unfreeze(broken))).code).toBe("conflict");
  });

  it("one Idempotency-Key unfreezes once, compares once and grants once; with another body it is a conflict", async () => {
    const [actor, key] = [await anAccount(), newId()];
    const refused = await refusalOf(unfreeze(actor, { reason: "a" }, key));
    await tamper(actor, "UPDATE account SET frozen_reason = 'x'");
    expect(await unfreeze(actor, { reason: "a" }, key)).toMatchObject({
      replayed: true,
      error: { code: refused.code },
    });
    expect((await refusalOf(unfreeze(actor, { reason: "b" }, key))).code).toBe("idempotency_key_reused");

    const compareOnce = (day: string) =>
      billing.reconcileLedger(aContext(), operator, { company_id: actor.companyId, day }, key);
    await valueOf(compareOnce(today()));
    expect(await compareOnce(today())).toMatchObject({ replayed: true });
    expect((await refusalOf(compareOnce("2026-01-01"))).code).toBe("idempotency_key_reused");

    const grant = (amount_nano_usd: number) =>
      billing.grantCredit(aContext(), operator, actor.companyId, { amount_nano_usd, reason: "r" }, key);
    const { id } = await valueOf(grant(5));
    expect(await grant(5)).toMatchObject({ replayed: true, value: { id } });
    expect((await refusalOf(grant(6))).code).toBe("idempotency_key_reused");
    expect(await accountOf(actor).balance()).toMatchObject({ posted_nano_usd: SIGNUP - 95 });
  });

  it("a dispute's freeze is not an operator's to lift", async () => {
    const actor = anActor();
    const disputed = { series: "dispute/d", kind: "dispute" as const, totalNanoUsd: -5, revision: 1, freezes: true };
    await accountOf(actor).postTotal({ ...disputed, description: "d", reference: {} });
    expect((await refusalOf(unfreeze(actor))).code).toBe("conflict");
  });
});
