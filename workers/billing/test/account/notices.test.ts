import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Notice, type NoticeMessage } from "@aggregator/contracts/notices";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { addBudget } from "../../src/account/budgets.ts";
import { endRequest } from "../../src/account/end-request.ts";
import { grant } from "../../src/account/grant.ts";
import { setLowBalanceThresholds } from "../../src/account/low-balance-alert.ts";
import { sendNotices } from "../../src/account/notice-outbox.ts";
import { raiseNotices } from "../../src/account/raise-notices.ts";
import { reserve } from "../../src/account/reserve.ts";
import { aContext, anActor, billing, refusalOf, valueOf } from "../support/billing.ts";
import { aReserve, aSettlement, requestId } from "../support/builders.ts";
import { openEngine, type TestAccount } from "../support/open-engine.ts";

interface Heard {
  readonly account: TestAccount;
  /** What is new since the last call; the queue is away when told so. */
  readonly hear: (isAway?: boolean) => Promise<Notice[]>;
  readonly spend: (amount: number) => void;
  readonly credit: (amount: number) => void;
}

async function withAccount(credit: number, test: (heard: Heard) => Promise<void>): Promise<void> {
  await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), async (_, { storage }) => {
    const account = openEngine(storage, { creditNanoUsd: credit, lowBalanceNanoUsd: 0 });
    let made = 0;
    await test({
      account,
      hear: async (isAway = false) => {
        const sent: NoticeMessage[] = [];
        const send = (message: NoticeMessage) => {
          if (isAway) return Promise.reject(new Error("queue away"));
          sent.push(message);
          return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
        };
        account.engine.run(raiseNotices);
        await sendNotices(account.engine, { send }).catch(() => undefined);
        return sent.map((message) => Notice.parse(message));
      },
      spend: (amount) => {
        made += 1;
        const id = requestId(account.clock.nowMs, made);
        account.engine.run((opened) => reserve(opened, aReserve({ requestId: id, holdNanoUsd: amount })));
        account.engine.run((opened) => endRequest(opened, aSettlement(id, amount)));
      },
      credit: (amountNanoUsd) => {
        made += 1;
        const idempotencyKey = `k${made}`;
        account.engine.run((opened) =>
          grant(opened, { kind: "credit", amountNanoUsd, reason: "r", grantedBy: "o", idempotencyKey }),
        );
      },
    });
  });
}

describe("a low balance", () => {
  it("is told once per crossing, also across restarts, and again after it was refilled", async () => {
    await withAccount(100, async ({ account, hear, spend, credit }) => {
      account.engine.run((opened) => setLowBalanceThresholds(opened, [20, 50]));
      spend(50);
      expect(await hear()).toEqual([]);
      spend(1);
      expect(await hear()).toMatchObject([{ kind: "low_balance", data: { threshold_nano_usd: 50 } }]);
      account.restart();
      spend(1);
      expect(await hear()).toEqual([]);
      spend(40);
      expect(await hear()).toMatchObject([
        { kind: "low_balance", data: { threshold_nano_usd: 20, available_nano_usd: 8 } },
      ]);
      credit(100);
      expect(await hear()).toEqual([]);
      spend(100);
      expect(await hear()).toMatchObject([{ data: { threshold_nano_usd: 20 } }]);
    });
  });

  it("waits for a queue that is away and is then sent once, under one id", async () => {
    await withAccount(100, async ({ account, hear, spend }) => {
      account.engine.run((opened) => setLowBalanceThresholds(opened, [50]));
      spend(60);
      expect(await hear(true)).toEqual([]);
      account.restart();
      expect(account.engine.run(({ book }) => book.hasNotices)).toBe(true);
      expect(await hear()).toHaveLength(1);
      expect(await hear()).toEqual([]);
      expect(account.engine.run(({ book }) => book.hasNotices)).toBe(false);
    });
  });

  it("is not told of thresholds that are set above it, nor of holds", async () => {
    await withAccount(100, async ({ account, hear }) => {
      account.engine.run((opened) => setLowBalanceThresholds(opened, [50, 200]));
      const id = requestId(account.clock.nowMs, 1);
      account.engine.run((opened) => reserve(opened, aReserve({ requestId: id, holdNanoUsd: 90 })));
      expect(await hear()).toEqual([]);
    });
  });

  it("costs a request nothing: no row until a threshold is crossed", async () => {
    await withAccount(100, async ({ account, hear, spend }) => {
      account.engine.run((opened) => setLowBalanceThresholds(opened, [10]));
      spend(10);
      const before = account.sql.rowsWritten();
      await hear();
      expect(account.sql.rowsWritten()).toBe(before);
    });
  });
});

describe("a budget", () => {
  it("is told at 80 and at 100 percent, once each per period", async () => {
    await withAccount(10_000, async ({ account, hear, spend }) => {
      account.engine.run((opened) => addBudget(opened, { scope: "key", id: "key-1", period: "day" }, 1_000));
      spend(799);
      expect(await hear()).toEqual([]);
      spend(1);
      expect(await hear()).toMatchObject([{ data: { scope: "key", percent: 80, spent_nano_usd: 800 } }]);
      account.restart();
      spend(200);
      expect(await hear()).toMatchObject([{ data: { percent: 100 } }]);
      expect(await hear()).toEqual([]);
      account.clock.nowMs += 86_400_000;
      spend(900);
      expect(await hear()).toMatchObject([{ data: { percent: 80, spent_nano_usd: 900 } }]);
    });
  });
});

describe("the thresholds of a company", () => {
  it("are the platform's until it sets its own, sorted and without doubles", async () => {
    const actor = anActor();
    const read = () => valueOf(billing.lowBalanceAlert(aContext(), actor));
    expect(await read()).toEqual({ thresholds_nano_usd: [5_000_000_000] });
    const input = { thresholds_nano_usd: [30, 10, 30] };
    expect(await valueOf(billing.setLowBalanceAlert(aContext(), actor, input, null))).toEqual({
      thresholds_nano_usd: [10, 30],
    });
    expect(await read()).toEqual({ thresholds_nano_usd: [10, 30] });
  });

  it.each([[0], [-1], [0.5], [9_000_000_000_000_001]])("refuse %d", async (threshold) => {
    const input = { thresholds_nano_usd: [threshold] };
    expect(await refusalOf(billing.setLowBalanceAlert(aContext(), anActor(), input, null))).toMatchObject({
      code: "invalid_request",
      param: "thresholds_nano_usd.0",
    });
  });
});
