import type { UsageCell } from "@aggregator/contracts/usage-events";
import * as fc from "fast-check";
import type { Account } from "../../src/account/account.ts";
import { availableNanoUsd } from "../../src/account/book.ts";
import { addBudget, changeBudget, findBudget } from "../../src/account/budgets.ts";
import { checkInvariants } from "../../src/account/check-invariants.ts";
import { spentIn } from "../../src/account/spent.ts";
import { type BudgetName, type BudgetOwner, ownerName } from "../../src/domain/budget-owner.ts";
import { aCheckpoint, aRelease, aReserve, aSettlement, requestId } from "../support/builders.ts";
import { InjectedFault, openEngine, type TestAccount } from "../support/open-engine.ts";
import { AccountModel } from "./model.ts";
import type { Operations } from "./operations.ts";

export const OPENING_CREDIT = 1_000;
const AMPLE = 1_000_000;
const LEASE_MS = 1_000;
const PROMPT = 7;

export type Step = { readonly fault: number; readonly repeat: boolean } & (
  | { readonly do: "reserve"; readonly id: number; readonly hold: number }
  | { readonly do: "checkpoint"; readonly id: number; readonly price: number; readonly raiseTo: number }
  | { readonly do: "dispatched"; readonly id: number }
  | { readonly do: "settle"; readonly id: number; readonly price: number }
  | { readonly do: "release"; readonly id: number }
  | { readonly do: "tick"; readonly ms: number }
  | { readonly do: "drain"; readonly lostAck: boolean }
  | { readonly do: "grant"; readonly key: number; readonly amount: number }
  | { readonly do: "budget"; readonly owner: number; readonly period: BudgetName["period"]; readonly amount: number }
  | { readonly do: "restart" }
);

const id = fc.integer({ min: 0, max: 5 });
const amount = fc.integer({ min: 0, max: 600 });
const flags = {
  fault: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 })),
  repeat: fc.boolean(),
};

/** Now and then a day goes by, and with it the budgets of that day. */
const pause = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 1_500 }) },
  { weight: 1, arbitrary: fc.constant(86_400_000) },
);

/** Whom budgets limit: the company, two members, two keys. */
const OWNERS: readonly BudgetOwner[] = [
  { scope: "company", id: "" },
  { scope: "member", id: "member-0" },
  { scope: "member", id: "member-1" },
  { scope: "key", id: "key-0" },
  { scope: "key", id: "key-1" },
];

/** The key and member of a request, by its number. */
function callerOf(tail: number) {
  return { keyId: `key-${tail % 2}`, memberId: tail < 2 ? null : `member-${tail % 2}` };
}

function ownersOfCaller(tail: number): string[] {
  const { keyId, memberId } = callerOf(tail);
  return memberId === null ? ["company", keyId] : ["company", memberId, keyId];
}

const nameOf = (owner: BudgetOwner) => (owner.scope === "company" ? "company" : owner.id);

function ownerAt(index: number): BudgetOwner {
  const owner = OWNERS[index];
  if (owner === undefined) throw new Error("no such owner");
  return owner;
}

/** One step; ids come from a small pool so that they collide. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("reserve"), id, hold: amount, ...flags }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("checkpoint"), id, price: amount, raiseTo: amount, ...flags }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("dispatched"), id, ...flags }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("settle"), id, price: amount, ...flags }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("release"), id, ...flags }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("tick"), ms: pause, ...flags }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drain"), lostAck: fc.boolean(), ...flags }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("grant"), key: id, amount: fc.integer({ min: 1, max: 3 }), ...flags }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("budget"),
      owner: fc.integer({ min: 0, max: OWNERS.length - 1 }),
      period: fc.constantFrom("day" as const, "lifetime" as const),
      amount: fc.integer({ min: 0, max: 2_000 }),
      ...flags,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart"), ...flags }) },
);

/** Analytics: keeps the highest version of each cell, as the real consumer does. */
type Projection = Map<string, UsageCell>;

/** Runs a sequence against the real account and the model; throws at the first difference. Returns faults injected. */
export function runSequence(storage: DurableObjectStorage, operations: Operations, steps: readonly Step[]): number {
  const account = openEngine(storage, { creditNanoUsd: OPENING_CREDIT, transactional: operations.transactional });
  const model = new AccountModel(OPENING_CREDIT);
  const projection: Projection = new Map();
  // A budget that never refuses: what it says was spent is compared after every step.
  account.engine.run((opened) => addBudget(opened, { ...ownerAt(0), period: "lifetime" }, AMPLE));
  model.budget("company/lifetime", AMPLE);
  let faults = 0;
  for (const current of steps) {
    const times = current.repeat ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      faults += runStep(account, operations, model, projection, current, time === 0 ? current.fault : 0);
      compare(account, model);
    }
  }
  drainAll(account, operations, projection);
  compareProjection(model, projection);
  return faults;
}

function runStep(
  account: TestAccount,
  operations: Operations,
  model: AccountModel,
  projection: Projection,
  current: Step,
  fault: number,
): number {
  if (current.do === "restart") {
    account.restart();
    return 0;
  }
  if (current.do === "tick") account.clock.nowMs += current.ms;
  if (current.do === "drain") {
    deliver(account, operations, projection, current.lostAck);
    return 0;
  }
  const attempt = () => account.engine.run((opened) => answerOf(opened, operations, current));
  let faults = 0;
  let actual: string;
  try {
    account.failBefore(fault);
    actual = attempt();
  } catch (error) {
    if (!(error instanceof InjectedFault)) throw error;
    faults = 1;
    actual = attempt();
  }
  const expected = expectedOf(model, account.clock.nowMs, current);
  if (actual !== expected) throw new Error(`${current.do}: answered ${actual}, the model says ${expected}`);
  return faults;
}

function answerOf(account: Account, operations: Operations, current: Step): string {
  switch (current.do) {
    case "reserve": {
      const input = aReserve({
        requestId: idOf(current.id),
        ...callerOf(current.id),
        holdNanoUsd: current.hold,
        promptNanoUsd: PROMPT,
        leaseMs: LEASE_MS,
      });
      return codeOf(operations.reserve(account, input));
    }
    case "checkpoint": {
      const input = aCheckpoint(idOf(current.id), current.price, {
        raiseHoldToNanoUsd: current.raiseTo,
        leaseMs: LEASE_MS,
      });
      return codeOf(operations.checkpoint(account, input));
    }
    case "dispatched":
      return operations.endRequest(account, { kind: "dispatched", requestId: idOf(current.id) });
    case "settle":
      return operations.endRequest(account, aSettlement(idOf(current.id), current.price));
    case "release":
      return operations.endRequest(account, aRelease(idOf(current.id)));
    case "grant":
      return codeOf(
        operations.grant(account, {
          kind: "credit",
          amountNanoUsd: current.amount,
          reason: "test",
          grantedBy: "admin",
          idempotencyKey: `k${current.key}`,
        }),
      );
    case "budget": {
      const name = { ...ownerAt(current.owner), period: current.period };
      const set = findBudget(account.book, name) === undefined ? addBudget : changeBudget;
      return codeOf(set(account, name, current.amount));
    }
    case "tick":
      operations.sweepLeases(account);
      return "swept";
    case "drain":
    case "restart":
      throw new Error("not an operation of the account");
  }
}

function expectedOf(model: AccountModel, nowMs: number, current: Step): string {
  switch (current.do) {
    case "reserve":
      return model.reserve(
        idOf(current.id),
        { owners: ownersOfCaller(current.id), hold: current.hold, prompt: PROMPT },
        nowMs,
        nowMs + LEASE_MS,
      );
    case "checkpoint":
      return model.checkpoint(idOf(current.id), current.price, current.raiseTo, nowMs, nowMs + LEASE_MS);
    case "dispatched":
      return model.dispatched(idOf(current.id));
    case "settle":
      return model.end(idOf(current.id), "settle", current.price, nowMs);
    case "release":
      return model.end(idOf(current.id), "release", 0, nowMs);
    case "grant":
      return model.grant(`k${current.key}`, current.amount);
    case "budget":
      return model.budget(`${nameOf(ownerAt(current.owner))}/${current.period}`, current.amount);
    case "tick":
      model.sweep(nowMs);
      return "swept";
    case "drain":
    case "restart":
      throw new Error("not an operation of the account");
  }
}

function compare(account: TestAccount, model: AccountModel): void {
  account.engine.run((opened) => {
    const broken = checkInvariants(opened);
    if (broken.length > 0) throw new Error(broken.join("; "));
    const { book, sql } = opened;
    const sums = sql.first<{ total: number | null }>("SELECT sum(amount) AS total FROM entry");
    same("balance", book.balanceNanoUsd, model.balance);
    same("sum of the ledger", sums?.total ?? 0, model.balance);
    same("held", book.heldNanoUsd, model.held);
    same("available", availableNanoUsd(book), model.balance - model.held);
    const charged = sql.first<{ total: number | null }>(
      "SELECT sum(price) AS total FROM reservation WHERE state = 'settled'",
    );
    same("charged", charged?.total ?? 0, model.charged);
    for (const owner of OWNERS) {
      for (const { period } of book.budgets.get(ownerName(owner)) ?? []) {
        if (period === "month") continue;
        const expected = model.spent(nameOf(owner), period, opened.nowMs);
        same(`spent by ${nameOf(owner)} per ${period}`, spentIn(opened, owner, period).nanoUsd, expected);
      }
    }
  });
}

function deliver(account: TestAccount, operations: Operations, projection: Projection, lostAck: boolean): boolean {
  const told = account.engine.run(operations.collectCells);
  if (told === null) return false;
  for (const cell of told.cells) {
    const name = JSON.stringify([
      cell.hour_ms,
      cell.key_id,
      cell.member_id,
      cell.model,
      cell.provider,
      cell.endpoint,
      cell.status,
    ]);
    const known = projection.get(name);
    if (known === undefined || cell.version > known.version) projection.set(name, cell);
  }
  if (!lostAck) account.engine.run((opened) => operations.storeCells(opened, told));
  return true;
}

function drainAll(account: TestAccount, operations: Operations, projection: Projection): void {
  while (deliver(account, operations, projection, false)) continue;
}

function compareProjection(model: AccountModel, projection: Projection): void {
  const cells = [...projection.values()];
  same(
    "rollups' money",
    cells.reduce((sum, cell) => sum + cell.price_nano_usd, 0),
    model.charged,
  );
  same(
    "rollups' requests",
    cells.reduce((sum, cell) => sum + cell.requests, 0),
    model.ended,
  );
}

function same(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what} is ${actual}, the model says ${expected}`);
}

function codeOf(result: { readonly ok: boolean; readonly error?: { readonly code: string } }): string {
  return result.ok ? "ok" : (result.error?.code ?? "?");
}

function idOf(tail: number): string {
  return requestId(Date.UTC(2026, 10, 23, 12), tail);
}
