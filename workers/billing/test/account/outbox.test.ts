import type { UsageMessage } from "@aggregator/contracts/usage-events";
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { createOutbox, type Outbox } from "../../src/account/outbox.ts";
import { endRequest } from "../../src/account/end-request.ts";
import { readAccountState } from "../../src/account/read-account-state.ts";
import { reserve } from "../../src/account/reserve.ts";
import { aReserve, aSettlement, requestId } from "../support/builders.ts";
import { openEngine, type TestAccount } from "../support/open-engine.ts";

const HOUR_MS = 3_600_000;

interface Queue {
  isAway: boolean;
  attempts: number;
  readonly messages: UsageMessage[];
}

/** An account with an outbox and a queue that the test holds. */
async function withOutbox(test: (account: TestAccount, outbox: Outbox, queue: Queue) => Promise<void>): Promise<void> {
  await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), async (_, { storage }) => {
    const account = openEngine(storage, { creditNanoUsd: 1_000_000_000_000 });
    const queue: Queue = { isAway: false, attempts: 0, messages: [] };
    const outbox = createOutbox({
      companyId: "company-1",
      engine: account.engine,
      now: () => account.clock.nowMs,
      queue: {
        send: (message) => {
          queue.attempts += 1;
          if (queue.isAway) return Promise.reject(new Error("queue away"));
          queue.messages.push(structuredClone(message));
          return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
        },
      },
    });
    await test(account, outbox, queue);
  });
}

let made = 0;

/** One request, admitted and settled; returns its price. */
function request({ engine, clock }: TestAccount): number {
  made += 1;
  const id = requestId(clock.nowMs, made);
  const price = 1_000 + made;
  const admitted = engine.run((account) => reserve(account, aReserve({ requestId: id, holdNanoUsd: 10_000 })));
  expect(admitted.ok).toBe(true);
  expect(engine.run((account) => endRequest(account, aSettlement(id, price)))).toBe("applied");
  return price;
}

/** What analytics would hold: of each cell its newest state. */
function rollupOf(messages: readonly UsageMessage[]): { requests: number; priceNanoUsd: number } {
  const newest = new Map<string, UsageMessage["cells"][number]>();
  for (const cell of messages.flatMap(({ cells }) => cells)) {
    const name = JSON.stringify([cell.key_id, cell.hour_ms, cell.model, cell.provider, cell.endpoint, cell.status]);
    const known = newest.get(name);
    if (known === undefined || cell.version > known.version) newest.set(name, cell);
  }
  const cells = [...newest.values()];
  return {
    requests: cells.reduce((sum, cell) => sum + cell.requests, 0),
    priceNanoUsd: cells.reduce((sum, cell) => sum + cell.price_nano_usd, 0),
  };
}

describe("the outbox", () => {
  it("case 15: the queue away for an hour: requests are unaffected, nothing is lost, the backlog drains by itself", () =>
    withOutbox(async (account, outbox, queue) => {
      queue.isAway = true;
      const startMs = account.clock.nowMs;
      let priceNanoUsd = 0;
      let requests = 0;
      let nextAlarmMs = startMs;
      for (; account.clock.nowMs < startMs + HOUR_MS; account.clock.nowMs += 10_000) {
        priceNanoUsd += request(account);
        requests += 1;
        if (account.clock.nowMs < nextAlarmMs) continue;
        await expect(outbox.flush()).rejects.toThrow("queue away");
        nextAlarmMs = account.clock.nowMs + outbox.delayMs(5_000);
      }
      expect(queue.messages).toEqual([]);
      expect(queue.attempts).toBeLessThanOrEqual(70);
      const waiting = account.engine.run(readAccountState);
      expect(waiting.untoldEntries).toBeGreaterThanOrEqual(requests);
      expect(account.clock.nowMs - (waiting.oldestUntoldAtMs ?? 0)).toBe(HOUR_MS);

      queue.isAway = false;
      await outbox.flush();
      expect(rollupOf(queue.messages)).toEqual({ requests, priceNanoUsd });
      expect(account.engine.run(readAccountState)).toMatchObject({ untoldEntries: 0, oldestUntoldAtMs: null });
      expect(outbox.delayMs(5_000)).toBe(5_000);
    }));

  it("a restart between sending and remembering sends again, and the totals are the same", () =>
    withOutbox(async (account, outbox, queue) => {
      const prices = Array.from({ length: 7 }, () => request(account));
      await outbox.flush();
      account.sql.run("UPDATE account SET exported_seq = 0");
      account.sql.run("DELETE FROM cell");
      account.restart();
      await outbox.flush();
      const priceNanoUsd = prices.reduce((sum, price) => sum + price, 0);
      expect(queue.messages.length).toBeGreaterThan(1);
      expect(rollupOf(queue.messages)).toEqual({ requests: 7, priceNanoUsd });
    }));
});
