import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import { expect, it } from "vitest";
import { oneRequest, withEntries } from "../support/long-ledger.ts";

/** Rows read and written by a warm request, and by the first after a restart, at a length of the ledger. */
function costAt(entries: number) {
  return runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), (_, { storage }) => {
    const { engine, clock, rows, statements } = withEntries(storage, entries);
    rows();
    oneRequest(engine, clock.nowMs, 1);
    const cold = rows();
    statements.splice(0);
    oneRequest(engine, clock.nowMs, 2);
    const warm = rows();
    const plans = statements.map(({ query, bindings }) =>
      [...storage.sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`, ...bindings)].map(({ detail }) => detail),
    );
    return { cold, warm, plans: plans.flat() };
  });
}

it("reserve and settle read and write the same rows with 10 and with 10,000 entries, also after a restart", async () => {
  const [short, long] = [await costAt(10), await costAt(10_000)];
  expect(long).toEqual(short);
  expect(long.warm.written).toBeLessThanOrEqual(4);
  expect(long.plans.length).toBeGreaterThan(0);
  expect(long.plans.filter((detail) => detail.startsWith("SCAN"))).toEqual([]);
});
