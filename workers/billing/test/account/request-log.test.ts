import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { endRequest } from "../../src/account/end-request.ts";
import { checkpoint } from "../../src/account/checkpoint.ts";
import { readTransactions } from "../../src/account/read-transactions.ts";
import { readRequest } from "../../src/account/read-requests.ts";
import { reserve } from "../../src/account/reserve.ts";
import { searchRequests } from "../../src/account/search-requests.ts";
import { sweepLeases } from "../../src/account/sweep-leases.ts";
import { tailRequests } from "../../src/account/tail-requests.ts";
import { parseRequestQuery } from "../../src/domain/request-query.ts";
import { aCheckpoint, aRecord, aRelease, aReserve, aSettlement, requestId } from "../support/builders.ts";
import { openEngine, type TestAccount } from "../support/open-engine.ts";

const T0_MS = Date.UTC(2026, 10, 23, 12);
const MINUTE_MS = 60_000;

async function withAccount(test: (account: TestAccount) => void): Promise<void> {
  await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), (_, { storage }) => {
    test(openEngine(storage, { creditNanoUsd: 1_000_000_000_000 }));
  });
}

interface Made {
  readonly key?: string;
  readonly status?: number;
  readonly model?: string;
  readonly provider?: string;
  readonly errorCode?: string;
  readonly price?: number;
}

/** Requests a minute apart, the n-th with id n. */
function make({ engine, clock }: TestAccount, requests: readonly Made[]): string[] {
  return requests.map(({ key = "key-1", price = 10, ...record }, index) => {
    clock.nowMs = T0_MS + index * MINUTE_MS;
    const id = requestId(clock.nowMs, index);
    engine.run((account) => reserve(account, aReserve({ requestId: id, keyId: key, holdNanoUsd: 1_000 })));
    engine.run((account) => endRequest(account, aSettlement(id, price, { record: aRecord(record) })));
    return id;
  });
}

/** Positions of the requests that a search finds, newest first. */
function found({ engine }: TestAccount, ids: readonly string[], input: Record<string, string>) {
  const query = parseRequestQuery(input);
  if (!query.ok) throw new Error(query.error.message);
  const page = engine.run((account) => searchRequests(account, query.value));
  return { at: page.data.map(({ id }) => ids.indexOf(id)), nextCursor: page.nextCursor };
}

const MADE: readonly Made[] = [
  { key: "key-a", model: "m-1", provider: "p-1", price: 5 },
  { key: "key-b", model: "m-2", provider: "p-1", price: 50, status: 429, errorCode: "upstream_rate_limited" },
  { key: "key-a", model: "m-2", provider: "p-2", price: 500 },
  { key: "key-a", model: "m-1", provider: "p-1", price: 50, status: 502, errorCode: "upstream_error" },
];

describe("a search of the request log", () => {
  it.each<[string, Record<string, string>, readonly number[]]>([
    ["nothing: all, newest first", {}, [3, 2, 1, 0]],
    ["a key", { key: "key-a" }, [3, 2, 0]],
    ["a model that served", { model: "m-2" }, [2, 1]],
    ["a model that was asked for", { model: "sandbox/echo" }, [3, 2, 1, 0]],
    ["a provider", { provider: "p-2" }, [2]],
    ["a status", { status: "429" }, [1]],
    ["a class of statuses", { status: "5xx" }, [3]],
    ["an error code", { error_code: "upstream_error" }, [3]],
    ["a least cost", { min_cost_nano_usd: "50" }, [3, 2, 1]],
    ["a cost between two", { min_cost_nano_usd: "6", max_cost_nano_usd: "50" }, [3, 1]],
    ["from a time on", { from: new Date(T0_MS + 2 * MINUTE_MS).toISOString() }, [3, 2]],
    ["up to a time, which is not counted", { to: new Date(T0_MS + 2 * MINUTE_MS).toISOString() }, [1, 0]],
    ["a state", { state: "held" }, []],
    ["several at once", { key: "key-a", model: "m-1", status: "2xx" }, [0]],
  ])("by %s", (_, input, expected) =>
    withAccount((account) => {
      const ids = make(account, MADE);
      expect(found(account, ids, input)).toEqual({ at: expected, nextCursor: null });
    }),
  );

  it("goes on page by page", () =>
    withAccount((account) => {
      const ids = make(account, MADE);
      const first = found(account, ids, { key: "key-a", limit: "2" });
      expect(first.at).toEqual([3, 2]);
      const second = found(account, ids, { key: "key-a", limit: "2", cursor: first.nextCursor ?? "" });
      expect(second).toEqual({ at: [0], nextCursor: null });
    }));

  it("looks at a bounded number of rows however rare a hit is, and goes on from there", () =>
    withAccount((account) => {
      const ids = make(account, [{ key: "rare" }]);
      account.sql.run(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
         INSERT INTO reservation (id, state, key_id, created_at, lease_until, hold, markup_bps, opening, price, record)
         SELECT printf('ffffffff-%05d', i), 'settled', 'key-1', 0, 0, 0, 0,
                (SELECT opening FROM reservation LIMIT 1), 1, (SELECT record FROM reservation LIMIT 1) FROM n`,
      );
      const pages: number[][] = [];
      let cursor: string | null = null;
      do {
        const page = found(account, ids, { key: "rare", ...(cursor === null ? {} : { cursor }) });
        pages.push(page.at);
        cursor = page.nextCursor;
      } while (cursor !== null && pages.length < 10);
      expect(pages).toEqual([[], [], [0]]);
    }));

  it.each([
    ["status", "6xx"],
    ["status", "4x"],
    ["from", "yesterday"],
    ["min_cost_nano_usd", "0.5"],
    ["max_cost_nano_usd", "-1"],
    ["state", "open"],
    ["limit", "101"],
  ])("refuses %s = %s by name", (param, value) => {
    expect(parseRequestQuery({ [param]: value })).toMatchObject({
      ok: false,
      error: { code: "invalid_request", param },
    });
  });

  it("a cursor that is not ours finds nothing", () =>
    withAccount((account) => {
      const ids = make(account, MADE);
      expect(found(account, ids, { cursor: "bm9uc2Vuc2U" }).at).toEqual([]);
    }));
});

describe("a receipt of the company's own provider key", () => {
  const reserveOwn = ({ engine, clock }: TestAccount, tail: number): string => {
    const id = requestId(clock.nowMs, tail);
    const { subject } = aReserve({ requestId: id });
    const own = { ...subject, credentialOwner: "company" as const };
    engine.run((one) => reserve(one, aReserve({ requestId: id, leaseMs: 1_000, subject: own })));
    return id;
  };
  const receipt = ({ engine }: TestAccount, id: string) => engine.run((one) => readRequest(one, id));
  const costs = ({ sql }: TestAccount) =>
    sql.all<{ cost: number }>("SELECT cost FROM entry WHERE request_id IS NOT NULL");

  it("says that it paid; while it runs, and where nobody served, nobody did", () =>
    withAccount((account) => {
      const [served, released] = [reserveOwn(account, 1), reserveOwn(account, 2)];
      expect(receipt(account, served)).toMatchObject({ state: "held", credential_owner: null });
      const record = aRecord({ credentialOwner: "company", minimumApplied: true });
      account.engine.run((one) => endRequest(one, aSettlement(served, 5, { costNanoUsd: 0, record })));
      account.engine.run((one) => endRequest(one, aRelease(released)));
      expect(receipt(account, served)).toMatchObject({
        credential_owner: "company",
        cost_nano_usd: 5,
        minimum_applied: true,
      });
      expect(receipt(account, released)).toMatchObject({ credential_owner: null, minimum_applied: false });
      const [entry] = account.engine.run((one) => readTransactions(one, 1, undefined)).data;
      expect(entry?.metadata).toMatchObject({ credential_owner: "company", minimum_applied: true });
    }));

  it.each([
    ["sent and never heard of again: the fee on the prompt", null, 10],
    ["with a checkpoint: the fee that it said", 4, 4],
  ])("is kept at no cost to the platform when its lease lapses, %s", (_name, reported, price) =>
    withAccount((account) => {
      const id = reserveOwn(account, 1);
      const checked = aCheckpoint(id, reported ?? 0, { costNanoUsd: 0, leaseMs: 1_000 });
      if (reported === null) account.engine.run((one) => endRequest(one, { kind: "dispatched", requestId: id }));
      else account.engine.run((one) => checkpoint(one, checked));
      account.clock.nowMs += MINUTE_MS;
      account.engine.run(sweepLeases);
      expect(receipt(account, id)).toMatchObject({ credential_owner: "company", cost_nano_usd: price });
      expect(costs(account)).toEqual([{ cost: 0 }]);
    }),
  );
});

describe("the tail of the request log", () => {
  it("begins where the ledger stands and gives each request once, as it ends", () =>
    withAccount((account) => {
      make(account, MADE.slice(0, 2));
      const begin = account.engine.run((one) => tailRequests(one, null));
      expect(begin.data).toEqual([]);
      const idle = account.engine.run((one) => tailRequests(one, begin.position));
      expect(idle).toEqual(begin);
      account.clock.nowMs += MINUTE_MS;
      const id = requestId(account.clock.nowMs, 99);
      account.engine.run((one) => reserve(one, aReserve({ requestId: id, holdNanoUsd: 10 })));
      expect(account.engine.run((one) => tailRequests(one, begin.position)).data).toEqual([]);
      // Over its hold: a charge and an overrun, but one request.
      account.engine.run((one) => endRequest(one, aSettlement(id, 25)));
      const next = account.engine.run((one) => tailRequests(one, begin.position));
      expect(next.data).toMatchObject([{ id, state: "settled", cost_nano_usd: 25 }]);
      expect(account.engine.run((one) => tailRequests(one, next.position)).data).toEqual([]);
    }));

  it("goes on from a position in bounded batches", () =>
    withAccount((account) => {
      const ids = make(
        account,
        Array.from({ length: 130 }, () => ({})),
      );
      const first = account.engine.run((one) => tailRequests(one, 0));
      const second = account.engine.run((one) => tailRequests(one, first.position));
      expect(first.data).toHaveLength(100);
      expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
    }));
});
