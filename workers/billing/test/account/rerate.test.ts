import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { RerateView } from "@aggregator/contracts/pricing";
import type { Usage } from "@aggregator/contracts/usage";
import { chargeOf } from "@aggregator/money/charge";
import { newId } from "@aggregator/runtime/new-id";
import { beforeAll, describe, expect, it } from "vitest";
import { RERATE_PAGE } from "../../src/account/rerate-requests.ts";
import { requestIdAt } from "../../src/domain/request-id.ts";
import { MAX_STRETCHES } from "../../src/pricing/rerate.ts";
import { accountOf, aContext, anActor, billing, operator, refusalOf, until, valueOf } from "../support/billing.ts";
import { aRecord, aRelease, aReserve, aSettlement } from "../support/builders.ts";

const HOUR_MS = 3_600_000;
const MODEL = "sandbox/echo";
const BASE = { input: 2_500_000_000, cached_input: 250_000_003, output: 10_000_000_000 };
const TIERS = [{ aboveInputTokens: 1_000, prices: { input: 5_000_000_000 } }];
const VERSION = { id: "v", base: BASE, tiers: TIERS };
/** The same in the words of the admin API. */
const SAME = {
  input: "2.50",
  cached_input: "0.250000003",
  output: "10",
  tiers: [{ above_input_tokens: 1_000, prices: { input: "5" } }],
};
const USAGES: readonly Usage[] = [
  { input: 5, output: 7 },
  { input: 999, cached_input: 1, output: 1 },
  { input: 1_001, cached_input: 3, output: 11, reasoning: 13 },
];

const attempt = (endpointId: string) => ({
  endpointId,
  provider: "sandbox",
  outcome: "success" as const,
  status: 200,
  startedAtMs: 0,
  firstByteMs: 1,
  durationMs: 1,
  lossNanoUsd: 0,
});

interface Spent {
  readonly usage: Usage;
  readonly model?: string;
  readonly endpointId?: string;
  readonly isOwnKey?: boolean;
}

async function spend(actor: Actor, { usage, model = MODEL, endpointId = "e-1", isOwnKey = false }: Spent) {
  const id = newId();
  const account = accountOf(actor);
  await account.reserve(aReserve({ requestId: id, holdNanoUsd: 1_000_000_000 }));
  const { costNanoUsd, priceNanoUsd } = chargeOf(usage, { ...VERSION, ...(isOwnKey ? { feeBps: 500 } : {}) });
  const record = aRecord({ usage, model, attempts: [attempt(endpointId)] });
  await account.end([aSettlement(id, priceNanoUsd, { costNanoUsd, record })]);
  return priceNanoUsd;
}

/** A company that has made these requests, and that D1 knows of. */
async function aSpender(requests: readonly Spent[] = USAGES.map((usage) => ({ usage }))) {
  const actor = anActor();
  let chargedNanoUsd = 0;
  for (const request of requests) chargedNanoUsd += await spend(actor, request);
  await told(actor);
  return { actor, chargedNanoUsd };
}

async function told(actor: Actor): Promise<void> {
  await runDurableObjectAlarm(accountOf(actor));
  await until(async () => {
    const row = await env.DB.prepare("SELECT 1 FROM daily_totals WHERE company_id = ?").bind(actor.companyId).first();
    expect(row).not.toBeNull();
  });
}

const period = () => ({
  from: new Date(Date.now() - HOUR_MS).toISOString(),
  to: new Date(Date.now() + HOUR_MS).toISOString(),
});

function tryBook(actors: readonly Actor[], priceBook: object, more: object = {}) {
  const company_ids = actors.map(({ companyId }) => companyId);
  return billing.rerate(aContext(), operator, { ...period(), company_ids, price_book: priceBook, ...more });
}

async function rated(actor: Actor, priceBook: object): Promise<RerateView | undefined> {
  return (await valueOf(tryBook([actor], priceBook))).data[0];
}

describe("re-rating a period", () => {
  let spender: Awaited<ReturnType<typeof aSpender>>;
  beforeAll(async () => {
    spender = await aSpender();
  });

  it("under the same price book comes to what was charged, to the nano", async () => {
    const { actor, chargedNanoUsd } = spender;
    expect(await rated(actor, { prices: { [MODEL]: SAME } })).toEqual({
      company_id: actor.companyId,
      requests: 3,
      rated_requests: 3,
      charged_nano_usd: chargedNanoUsd,
      rated_nano_usd: chargedNanoUsd,
      difference_nano_usd: 0,
      is_complete: true,
    });
  });

  it("finds a planted difference, and changes nothing", async () => {
    const { actor, chargedNanoUsd } = spender;
    const account = accountOf(actor);
    const before = [await account.balance(), await account.transactions(100, undefined)];
    // 1,000 USD per million more is 1,000,000 nano for each of the 19 tokens of `output`.
    const dearer = { ...SAME, output: "1010", reasoning: "10" };
    expect(await rated(actor, { prices: { [MODEL]: dearer } })).toMatchObject({
      charged_nano_usd: chargedNanoUsd,
      difference_nano_usd: 19_000_000,
    });
    const halfMarkup = USAGES.reduce((sum, usage) => sum + chargeOf(usage, VERSION, 5_000).priceNanoUsd, 0);
    expect(await rated(actor, { prices: { [MODEL]: SAME }, markup_bps: 5_000 })).toMatchObject({
      rated_nano_usd: halfMarkup,
    });
    expect([await account.balance(), await account.transactions(100, undefined)]).toEqual(before);
  });

  it("charges no less than a minimum of the book", async () => {
    const { actor, chargedNanoUsd } = spender;
    const least = { ...SAME, minimum: "1", tiers: SAME.tiers };
    expect(await rated(actor, { prices: { [MODEL]: least } })).toMatchObject({
      charged_nano_usd: chargedNanoUsd,
      rated_nano_usd: USAGES.length * 1_000_000_000,
    });
  });

  it("rates by the endpoint that served first, and keeps the charge of what the book cannot rate", async () => {
    const usage = { input: 100, output: 0 };
    const { actor, chargedNanoUsd } = await aSpender([
      { usage },
      { usage, endpointId: "e-2" },
      { usage, model: "other/model" },
      { usage, isOwnKey: true },
    ]);
    const released = newId();
    await accountOf(actor).reserve(aReserve({ requestId: released }));
    await accountOf(actor).end([aRelease(released)]);
    await accountOf(actor).reserve(aReserve({ requestId: newId() }));
    const prices = { [MODEL]: { input: "3.50", output: "0" }, "e-2": { input: "4.50", output: "0" } };
    expect(await rated(actor, { prices })).toMatchObject({
      requests: 4,
      rated_requests: 2,
      charged_nano_usd: chargedNanoUsd,
      difference_nano_usd: 100 * 1_000 + 100 * 2_000,
    });
  });

  it("goes on from page to page, within a large account too, and the pages add up", async () => {
    const others = await Promise.all([aSpender(), aSpender()]);
    const large = await aSpender([{ usage: { input: 1, output: 0 } }]);
    const copies = RERATE_PAGE * MAX_STRETCHES + 10;
    await runInDurableObject(accountOf(large.actor), (_, { storage }) => {
      storage.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${copies})
         INSERT INTO reservation SELECT ? || printf('-7000-8000-%012d', i), state, key_id, member_id, created_at,
           lease_until, hold, markup_bps, opening, dispatched, cancel_requested, checkpoint, ended_at, ended_by, price,
           cost, record FROM reservation, n WHERE state = 'settled'`,
        requestIdAt(Date.now()),
      );
    });
    const companies = [...others, large].map(({ actor }) => actor);
    const sums = new Map<string, { requests: number; difference: number; complete: number }>();
    let cursor: string | null | undefined;
    let pages = 0;
    do {
      const more = { limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const { data, nextCursor } = await valueOf(tryBook(companies, { prices: { [MODEL]: SAME } }, more));
      for (const row of data) {
        const sum = sums.get(row.company_id) ?? { requests: 0, difference: 0, complete: 0 };
        sum.requests += row.requests;
        sum.difference += row.difference_nano_usd;
        if (row.is_complete) sum.complete += 1;
        sums.set(row.company_id, sum);
      }
      cursor = nextCursor;
      pages += 1;
    } while (cursor !== null && pages < 10);
    expect(pages).toBeGreaterThan(2);
    expect(sums.get(large.actor.companyId)).toEqual({ requests: copies + 1, difference: 0, complete: 1 });
    for (const { actor } of others) {
      expect(sums.get(actor.companyId)).toEqual({ requests: 3, difference: 0, complete: 1 });
    }
  });

  it("counts requests by when they began, and no company that was never charged", async () => {
    const { actor } = spender;
    const earlier = { from: "2026-01-01T00:00:00Z", to: new Date(Date.now() - HOUR_MS).toISOString() };
    const book = { prices: { [MODEL]: SAME } };
    expect((await valueOf(tryBook([actor], book, earlier))).data).toEqual([]);
    expect((await valueOf(tryBook([anActor()], book))).data).toEqual([]);
  });

  it.each([
    [
      "a price in exponents",
      { prices: { [MODEL]: { input: "1e3", output: "1" } } },
      `price_book.prices.${MODEL}.input`,
    ],
    ["no price of output", { prices: { [MODEL]: { input: "1" } } }, `price_book.prices.${MODEL}`],
    ["no prices", { prices: {} }, "price_book.prices"],
    ["a negative markup", { prices: { [MODEL]: SAME }, markup_bps: -1 }, "price_book.markup_bps"],
    ["a fraction of a basis point", { prices: { [MODEL]: SAME }, markup_bps: 0.5 }, "price_book.markup_bps"],
  ])("refuses a price book with %s", async (_name, book, param) => {
    expect(await refusalOf(tryBook([spender.actor], book))).toMatchObject({ code: "invalid_request", param });
  });

  it("refuses a price book that leads beyond what an amount can be", async () => {
    const { actor } = await aSpender([{ usage: { input: 900_000 } }]);
    const book = { prices: { [MODEL]: { input: "9000000", output: "9000000" } }, markup_bps: 100_000 };
    expect(await refusalOf(tryBook([actor], book))).toMatchObject({ code: "invalid_request", param: "price_book" });
  });

  it("belongs to operators, over a period that does not end before it begins", async () => {
    const input = { ...period(), price_book: { prices: { [MODEL]: SAME } } };
    expect((await refusalOf(billing.rerate(aContext(), anActor(), input))).code).toBe("permission_denied");
    const backwards = { ...input, from: input.to, to: input.from };
    expect(await refusalOf(billing.rerate(aContext(), operator, backwards))).toMatchObject({ param: "to" });
  });
});
