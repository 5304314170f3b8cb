import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MUTANTS } from "../model/mutants.ts";
import { OPERATIONS, type Operations } from "../model/operations.ts";
import { runSequence, step } from "../model/run-sequence.ts";

const sequence = fc.array(step, { minLength: 1, maxLength: 40 });

function inAccount<Value>(work: (storage: DurableObjectStorage) => Value): Promise<Value> {
  return runInDurableObject(env.COMPANY_ACCOUNT.getByName("model"), (_instance, state) => work(state.storage));
}

interface Runs {
  readonly numRuns: number;
  readonly seed: number;
  /** Whether a failure is made smaller: worth the time only where somebody reads it. */
  readonly shrinks: boolean;
}

function check(storage: DurableObjectStorage, operations: Operations, { numRuns, seed, shrinks }: Runs) {
  let faults = 0;
  const property = fc.property(sequence, (steps) => {
    faults += runSequence(storage, operations, steps);
  });
  const details = fc.check(property, { numRuns, seed, endOnFailure: !shrinks });
  return { faults, details };
}

describe("the account against its model", () => {
  it("1,000 random sequences with faults between SQL statements, restarts and repeats: no difference", async () => {
    const { faults, details } = await inAccount((storage) =>
      check(storage, OPERATIONS, { numRuns: 1_000, seed: Date.now(), shrinks: true }),
    );
    expect(fc.defaultReportMessage(details) ?? "no difference").toBe("no difference");
    expect(faults).toBeGreaterThan(500);
  }, 30_000);

  it.each(Object.entries(MUTANTS))("the model catches: %s", async (_name, mutant) => {
    const { details } = await inAccount((storage) =>
      check(storage, { ...OPERATIONS, ...mutant }, { numRuns: 500, seed: 42, shrinks: false }),
    );
    expect(details.failed).toBe(true);
  });
});
