import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { OPERATIONS } from "../model/operations.ts";
import { runSequence, step } from "../model/run-sequence.ts";
import { oneRequest, withEntries } from "../support/long-ledger.ts";

const REQUESTS = 2_000;
const ROUNDS = 12;

it(`${env.SOAK_SEQUENCES} sequences with faults from seed ${env.SOAK_SEED}: no difference from the model`, async () => {
  const details = await runInDurableObject(env.COMPANY_ACCOUNT.getByName("soak"), (_, { storage }) =>
    fc.check(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        runSequence(storage, OPERATIONS, steps);
      }),
      { numRuns: Number(env.SOAK_SEQUENCES), seed: Number(env.SOAK_SEED) },
    ),
  );
  expect(fc.defaultReportMessage(details) ?? "no difference").toBe("no difference");
});

/** An account with so many entries, and how long so many requests take on it. */
function ledgerOf(entries: number): () => Promise<number> {
  const account = env.COMPANY_ACCOUNT.getByName(newId());
  let made = 0;
  let open: ReturnType<typeof withEntries> | null = null;
  return () =>
    runInDurableObject(account, async (_, { storage }) => {
      open ??= withEntries(storage, entries);
      const { engine, clock, rows, statements } = open;
      const startedAt = await now();
      for (let index = 0; index < REQUESTS; index += 1) oneRequest(engine, clock.nowMs, (made += 1));
      const tookMs = (await now()) - startedAt;
      rows();
      statements.splice(0);
      return tookMs;
    });
}

/** A Worker's clock stands still between two I/Os. */
async function now(): Promise<number> {
  await scheduler.wait(1);
  return Date.now();
}

it("reserve and settle take as long with 1,000,000 entries as with 10: ratio at most 1.2", async () => {
  const [short, long] = [ledgerOf(10), ledgerOf(1_000_000)];
  // In turn, and the best of each: the machine has other things to do, and does not do them to one alone.
  let [shortMs, longMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    shortMs = Math.min(shortMs, await short());
    longMs = Math.min(longMs, await long());
  }
  expect(longMs / shortMs, `${shortMs} ms and ${longMs} ms for ${REQUESTS} requests`).toBeLessThanOrEqual(1.2);
});
