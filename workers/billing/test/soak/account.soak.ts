import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { OPERATIONS } from "../model/operations.ts";
import { runSequence, step } from "../model/run-sequence.ts";
import { oneRequest, withEntries } from "../support/long-ledger.ts";

const REQUESTS = 2_000;
const ROUNDS = 5;

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

/** Milliseconds of so many requests: the best of some rounds, since the machine has other things to do. */
async function timeAt(entries: number): Promise<number> {
  let best = Infinity;
  let made = 0;
  await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), async (_, { storage }) => {
    const { engine, clock, rows, statements } = withEntries(storage, entries);
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = await now();
      for (let index = 0; index < REQUESTS; index += 1) oneRequest(engine, clock.nowMs, (made += 1));
      best = Math.min(best, (await now()) - startedAt);
      rows();
      statements.splice(0);
    }
  });
  return best;
}

/** A Worker's clock stands still between two I/Os. */
async function now(): Promise<number> {
  await scheduler.wait(1);
  return Date.now();
}

it("reserve and settle take as long with 1,000,000 entries as with 10: ratio at most 1.2", async () => {
  const [short, long] = [await timeAt(10), await timeAt(1_000_000)];
  expect(long / short, `${short} ms and ${long} ms for ${REQUESTS} requests`).toBeLessThanOrEqual(1.2);
});
