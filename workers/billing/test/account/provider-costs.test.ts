import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { isDifferent } from "../../src/domain/provider-difference.ts";
import { dayOf } from "../../src/domain/day-total.ts";
import {
  accountOf,
  aContext,
  anActor,
  billing,
  billingWith,
  operator,
  refusalOf,
  until,
  USD,
  valueOf,
} from "../support/billing.ts";
import { aRecord, aReserve, aSettlement } from "../support/builders.ts";

const DAY_MS = 86_400_000;
const dayAgo = (days: number) => dayOf(Date.now() - days * DAY_MS);

/** A company's requests of a day some days ago: what each cost the platform, and at which provider. */
async function spentOn(days: number, costs: readonly (readonly [provider: string, costNanoUsd: number])[]) {
  const actor = anActor();
  const account = accountOf(actor);
  for (const [provider, costNanoUsd] of costs) {
    const id = newId();
    await account.reserve(aReserve({ requestId: id, holdNanoUsd: 10 * USD }));
    // The company pays more than it costs: a markup is no difference.
    const record = aRecord({ provider });
    await account.end([aSettlement(id, costNanoUsd + 5, { costNanoUsd, record })]);
  }
  await runDurableObjectAlarm(account);
  const move = (column: string) =>
    env.DB.prepare(`UPDATE daily_totals SET ${column} = ? WHERE company_id = ?`).bind(dayAgo(days), actor.companyId);
  await until(async () => expect((await move("day").run()).meta.changes).toBe(1));
  await runInDurableObject(account, (_, { storage }) => {
    storage.sql.exec("UPDATE entry SET at = at - ?", days * DAY_MS);
  });
}

async function says(provider: "openai" | "anthropic" | "openrouter", days: number, report: object): Promise<void> {
  const base = env.OPENAI_ADMIN_API_BASE?.replace("/openai", "") ?? "";
  const body = JSON.stringify({ provider, day: dayAgo(days), ...report });
  const told = await fetch(`${base}/double`, { method: "POST", body });
  await told.body?.cancel();
}

const compare = (days: number, key: string | null = null) =>
  billing.reconcileProviders(aContext(), operator, { day: dayAgo(days) }, key);

async function listed(days: number) {
  const { data } = await valueOf(billing.providerFindings(aContext(), operator, { limit: "100" }));
  return data.filter(({ day }) => day === dayAgo(days));
}

describe("the daily comparison with what providers billed", () => {
  it("finds a planted difference, names provider and day, and forgets it when the day ties", async () => {
    await spentOn(3, [
      ["openai", 2 * USD],
      ["sandbox", 9 * USD],
      ["openrouter", USD],
    ]);
    await spentOn(3, [
      ["openai", USD],
      ["openai", 0],
    ]);
    await says("openai", 3, { usd: [1.25, "1.75"] });
    await says("openrouter", 3, { usd: [0.4, 0.6] });
    expect((await valueOf(compare(3))).data).toEqual([]);
    await says("openai", 3, { usd: [1.25, "1.75", 0.5] });
    const finding = {
      id: `${dayAgo(3)}/openai`,
      day: dayAgo(3),
      provider: "openai",
      ledger_nano_usd: 3 * USD,
      provider_nano_usd: 3.5 * USD,
      difference_nano_usd: 0.5 * USD,
    };
    expect((await valueOf(compare(3))).data).toMatchObject([finding]);
    expect(await listed(3)).toMatchObject([finding]);
    await says("openai", 3, { usd: [3] });
    await valueOf(compare(3));
    expect(await listed(3)).toEqual([]);
  });

  it("finds what the ledgers have and a provider has not, and the other way round", async () => {
    await spentOn(4, [["openrouter", USD]]);
    await says("openai", 4, { usd: [2] });
    await says("anthropic", 4, { usd: [0.25, "0.5"] });
    const { data } = await valueOf(compare(4));
    expect(data.map(({ provider, difference_nano_usd }) => [provider, difference_nano_usd])).toEqual([
      ["openai", 2 * USD],
      ["anthropic", 0.75 * USD],
      ["openrouter", -USD],
    ]);
  });

  it.each([
    ["answers 500", { status: 500 }],
    ["leads elsewhere", { status: 302 }],
    ["refuses the key", { status: 401 }],
    ["breaks off", { usd: [1, 1], breaksOff: true }],
    ["is not in its shape", { usd: ["a lot"] }],
  ])("a report that %s is no zero, stops no other, and is said", async (_what, report) => {
    await says("openai", 5, report);
    await says("openrouter", 5, { usd: [4] });
    const refused = await refusalOf(compare(5));
    expect(refused).toMatchObject({ code: "service_unavailable", message: "No report could be had of openai." });
    expect(await listed(5)).toMatchObject([{ provider: "openrouter" }]);
  });

  it("runs by the daily trigger, for the two days before", async () => {
    for (const days of [1, 2]) await says("openai", days, { usd: [days] });
    await billing.scheduled({ cron: "17 3 * * *", scheduledTime: Date.now(), noRetry: () => undefined });
    expect(await listed(1)).toMatchObject([{ provider: "openai", provider_nano_usd: USD }]);
    expect(await listed(2)).toMatchObject([{ provider: "openai", provider_nano_usd: 2 * USD }]);
  });

  it("belongs to operators, to days that are over, and to platforms with a key", async () => {
    const [actor, context] = [anActor(), aContext()];
    expect((await refusalOf(billing.providerFindings(context, actor, {}))).code).toBe("permission_denied");
    const foreign = billing.reconcileProviders(context, actor, { day: dayAgo(1) }, null);
    expect((await refusalOf(foreign)).code).toBe("permission_denied");
    for (const day of [dayAgo(0), dayAgo(31), "2026-02-30", null]) {
      const refused = await refusalOf(billing.reconcileProviders(context, operator, { day }, null));
      expect(refused).toMatchObject({ code: "invalid_request", param: "day" });
    }
    const off = billingWith({ OPENAI_ADMIN_KEY: " ", ANTHROPIC_ADMIN_KEY: "", OPENROUTER_MANAGEMENT_KEY: "" });
    const none = await refusalOf(off.reconcileProviders(context, operator, { day: dayAgo(1) }, null));
    expect(none.code).toBe("not_found");
    expect(await off.providerFindings(context, operator, {})).toMatchObject({ ok: true });
  });

  it("takes an Idempotency-Key", async () => {
    const key = newId();
    const first = await valueOf(compare(6, key));
    await says("openai", 6, { usd: [5] });
    expect(await compare(6, key)).toEqual({ ok: true, value: first, replayed: true });
    expect((await refusalOf(compare(7, key))).code).toBe("idempotency_key_reused");
  });
});

describe("a difference", () => {
  it.each([
    [0, 0, false],
    [0, 10_000_000, false],
    [0, 10_000_001, true],
    [100 * USD, 101 * USD, false],
    [100 * USD, 102 * USD, true],
    [101 * USD, 100 * USD, false],
    [102 * USD, 100 * USD, true],
    [-USD, USD, true],
  ])("of %d in the ledgers and %d in the report at 1 %%: %s", (ledger, provider, expected) => {
    expect(isDifferent(ledger, provider, 100)).toBe(expected);
  });
});
