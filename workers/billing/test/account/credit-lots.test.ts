import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payFromLots } from "../../src/account/credit-lots.ts";
import { endRequest } from "../../src/account/end-request.ts";
import { grant } from "../../src/account/grant.ts";
import { readBalance } from "../../src/account/read-balance.ts";
import { reserve } from "../../src/account/reserve.ts";
import { lapseLots, spendLots } from "../../src/domain/credit-lot.ts";
import { aContext, anActor, billing, ledgerOf, operator, refusalOf, SIGNUP, valueOf } from "../support/billing.ts";
import { aReserve, aSettlement, requestId } from "../support/builders.ts";
import { InjectedFault, openEngine, type TestAccount } from "../support/open-engine.ts";

const HOUR = 3_600_000;

interface Opened {
  readonly account: TestAccount;
  readonly credit: (amount: number, inHours?: number) => void;
  readonly hold: (amount: number) => string;
  readonly settle: (id: string, price: number) => void;
  readonly spend: (amount: number) => void;
  readonly balance: () => number;
  /** Entries as pairs of kind and amount, oldest first. */
  readonly ledger: () => [string, number][];
}

function opened(account: TestAccount): Opened {
  let made = 0;
  const next = () => (made += 1);
  const { engine, clock, sql } = account;
  const hold = (amount: number) => {
    const id = requestId(clock.nowMs, next());
    const input = aReserve({ requestId: id, holdNanoUsd: amount, promptNanoUsd: 0, leaseMs: 1_000 * HOUR });
    const reserved = engine.run((at) => reserve(at, input));
    if (!reserved.ok) throw new Error(reserved.error.code);
    return id;
  };
  const settle = (id: string, price: number) => void engine.run((at) => endRequest(at, aSettlement(id, price)));
  return {
    account,
    credit: (amountNanoUsd, inHours) => {
      const expiry = inHours === undefined ? {} : { expiresAtMs: clock.nowMs + inHours * HOUR };
      const input = { amountNanoUsd, reason: "r", grantedBy: "o", idempotencyKey: `k${next()}`, ...expiry };
      engine.run((at) => grant(at, { kind: "credit", ...input }));
    },
    hold,
    settle,
    spend: (amount) => settle(hold(amount), amount),
    balance: () => engine.run(readBalance).posted_nano_usd,
    ledger: () =>
      sql
        .all<{ kind: string; amount: number }>("SELECT kind, amount FROM entry ORDER BY seq")
        .map(({ kind, amount }): [string, number] => [kind, amount]),
  };
}

async function withAccount(credit: number, test: (at: Opened) => void): Promise<void> {
  await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), (_, { storage }) =>
    test(opened(openEngine(storage, { creditNanoUsd: credit }))),
  );
}

describe("credit with an expiry date", () => {
  it("is spent first, and what is left of it lapses by itself", () =>
    withAccount(1_000, ({ account, credit, spend, balance, ledger }) => {
      credit(300, 1);
      spend(100);
      account.clock.nowMs += HOUR - 1;
      expect(balance()).toBe(1_200);
      account.clock.nowMs += 1;
      expect(balance()).toBe(1_000);
      expect(balance()).toBe(1_000);
      expect(ledger().at(-1)).toEqual(["expiry", -200]);
    }));

  it("soonest first, whichever was granted first", () =>
    withAccount(0, ({ account, credit, spend, ledger }) => {
      credit(100, 3);
      credit(100, 1);
      credit(100, 2);
      spend(150);
      for (let hour = 1; hour <= 3; hour += 1) {
        account.clock.nowMs += HOUR;
        account.restart();
        account.engine.run(payFromLots);
      }
      expect(ledger().filter(([kind]) => kind === "expiry")).toEqual([
        ["expiry", -50],
        ["expiry", -100],
      ]);
    }));

  it("does not pay for what was charged before it was granted", () =>
    withAccount(500, ({ account, credit, spend, balance }) => {
      spend(400);
      credit(100, 1);
      account.clock.nowMs += HOUR;
      expect(balance()).toBe(100);
    }));

  it("no request is admitted on lapsed credit, however late the alarm is", () =>
    withAccount(0, ({ account, credit, hold, ledger }) => {
      credit(100, 1);
      account.clock.nowMs += 10 * HOUR;
      expect(() => hold(1)).toThrow("insufficient_balance");
      expect(ledger()).toEqual([
        ["credit", 100],
        ["expiry", -100],
      ]);
    }));

  it("what a running request holds stays until it ends: paid from, and the rest lapses then", () =>
    withAccount(0, ({ account, credit, hold, settle, balance, ledger }) => {
      credit(100, 1);
      const id = hold(60);
      account.clock.nowMs += HOUR;
      expect(balance()).toBe(60);
      // Money of one's own does not go in its place.
      credit(1_000);
      expect(balance()).toBe(1_060);
      settle(id, 10);
      expect(balance()).toBe(1_000);
      expect(ledger().map(([, amount]) => amount)).toEqual([100, -40, 1_000, -10, -50]);
    }));

  it("costs a request no row, and writes none where nothing has lapsed", () =>
    withAccount(1_000, ({ account, credit, spend, balance }) => {
      const rowsOf = (work: () => void) => {
        const before = account.sql.rowsWritten();
        work();
        return account.sql.rowsWritten() - before;
      };
      spend(1);
      const without = rowsOf(() => spend(10));
      credit(100, 1);
      expect(rowsOf(() => spend(10))).toBe(without);
      expect(rowsOf(() => balance())).toBe(0);
    }));

  it("1,000 random histories with faults and restarts end as the plain rules say", async () => {
    await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), (_, { storage }) => {
      const history = fc.property(HISTORY, (steps) =>
        followHistory(opened(openEngine(storage, { creditNanoUsd: 50 })), steps),
      );
      const details = fc.check(history, { numRuns: 1_000 });
      expect(fc.defaultReportMessage(details) ?? "no difference").toBe("no difference");
    });
  });
});

type Step = { readonly fault: number } & (
  | { readonly do: "credit"; readonly amount: number; readonly hours: number }
  | { readonly do: "spend" | "hold" | "end"; readonly amount: number }
  | { readonly do: "wait"; readonly hours: number }
  | { readonly do: "restart" | "pay" }
);
const fault = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }));
const amount = fc.integer({ min: 1, max: 90 });
const hours = fc.integer({ min: 1, max: 4 });
const HISTORY = fc.array<Step>(
  fc.oneof(
    fc.record({ do: fc.constant("credit" as const), amount, hours: fc.integer({ min: 0, max: 4 }), fault }),
    fc.record({ do: fc.constantFrom("spend" as const, "hold" as const, "end" as const), amount, fault }),
    fc.record({ do: fc.constant("wait" as const), hours, fault }),
    fc.record({ do: fc.constantFrom("restart" as const, "pay" as const), fault }),
  ),
  { maxLength: 30 },
);

/** The plain rules, paid at once: every charge takes from the lots there are, every hour the lapsed ones go. */
function followHistory({ account, credit, hold, settle, balance }: Opened, steps: readonly Step[]): void {
  let lots: { seq: number; expiresAtMs: number; leftNanoUsd: number }[] = [];
  const open: { id: string; amount: number }[] = [];
  let [posted, seq] = [50, 0];
  const held = () => open.reduce((sum, request) => sum + request.amount, 0);
  const lapse = () => {
    const at = { nowMs: account.clock.nowMs, balanceNanoUsd: posted, heldNanoUsd: held() };
    for (const { lot, expiredNanoUsd, keptNanoUsd } of lapseLots(lots, at)) {
      posted -= expiredNanoUsd;
      lots = lots.map((other) => (other.seq === lot.seq ? { ...lot, leftNanoUsd: keptNanoUsd } : other));
    }
  };
  const charge = (amountNanoUsd: number) => {
    posted -= amountNanoUsd;
    lots = spendLots(lots, [{ seq: (seq += 1), amountNanoUsd }]);
  };
  const attempt = (step: Step, work: () => void) => {
    account.failBefore(step.fault);
    try {
      work();
    } catch (error) {
      if (!(error instanceof InjectedFault)) throw error;
      work();
    }
  };
  const act = (step: Step) => {
    switch (step.do) {
      case "credit":
        attempt(step, () => credit(step.amount, step.hours === 0 ? undefined : step.hours));
        posted += step.amount;
        seq += 1;
        if (step.hours > 0)
          lots.push({ seq, expiresAtMs: account.clock.nowMs + step.hours * HOUR, leftNanoUsd: step.amount });
        return;
      case "spend":
      case "hold": {
        if (step.amount > posted - held()) return;
        const id = hold(step.amount);
        if (step.do === "hold") return void open.push({ id, amount: step.amount });
        attempt(step, () => settle(id, step.amount));
        return charge(step.amount);
      }
      case "end": {
        const ended = open.shift();
        if (ended === undefined) return;
        const price = Math.min(step.amount, ended.amount);
        attempt(step, () => settle(ended.id, price));
        return charge(price);
      }
      case "wait":
        account.clock.nowMs += step.hours * HOUR;
        return;
      case "restart":
        return account.restart();
      case "pay":
        return attempt(step, () => account.engine.run(payFromLots));
    }
  };
  for (const step of steps) {
    act(step);
    lapse();
    expect(balance()).toBe(posted);
  }
}

describe("an operator's credit that expires", () => {
  it("is granted through the API, shows when it lapses, and arms the account's alarm", async () => {
    const actor = anActor();
    const expires_at = new Date(Date.now() + HOUR).toISOString();
    const input = { amount_nano_usd: 5_000, reason: "trial", expires_at };
    const granted = await valueOf(billing.grantCredit(aContext(), operator, actor.companyId, input, newId()));
    expect(granted).toMatchObject({ kind: "credit", metadata: { expires_at } });
    expect(await ledgerOf(actor)).toEqual([
      ["signup", SIGNUP],
      ["credit", 5_000],
    ]);
    const alarm = await runInDurableObject(env.COMPANY_ACCOUNT.getByName(actor.companyId), (_, { storage }) =>
      storage.getAlarm(),
    );
    expect(alarm).not.toBeNull();
    expect(alarm).toBeLessThanOrEqual(Date.parse(expires_at));
  });

  it.each([
    ["in the past", "2020-01-01T00:00:00Z"],
    ["no time", "tomorrow"],
    ["a number", 5],
  ])("%s is refused by name", async (_name, expires_at) => {
    const actor = anActor();
    const input = { amount_nano_usd: 5_000, reason: "trial", expires_at };
    const refused = await refusalOf(billing.grantCredit(aContext(), operator, actor.companyId, input, null));
    expect(refused).toMatchObject({ code: "invalid_request", param: "expires_at" });
    expect(await ledgerOf(actor)).toEqual([["signup", SIGNUP]]);
  });
});
