import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import { expect } from "vitest";
import { markDispatched } from "../../src/account/checkpoint.ts";
import { collectCells, storeCells } from "../../src/account/collect-cells.ts";
import { markDaysTold, readUntoldDays } from "../../src/account/day-totals.ts";
import { endRequest } from "../../src/account/end-request.ts";
import type { Engine } from "../../src/account/engine.ts";
import { grant } from "../../src/account/grant.ts";
import { reserve } from "../../src/account/reserve.ts";
import { sweepLeases } from "../../src/account/sweep-leases.ts";
import { aRelease, aReserve, aSettlement, requestId } from "./builders.ts";
import { oneRequest } from "./long-ledger.ts";
import { openEngine, type TestAccount } from "./open-engine.ts";

const DAY_MS = 86_400_000;
const CREDIT = 1_000_000_000_000;
export const GRANT = {
  kind: "credit",
  amountNanoUsd: 5_000,
  reason: "sorry",
  grantedBy: "op",
  idempotencyKey: "g-1",
} as const;

export interface Ledger extends TestAccount {
  readonly companyId: string;
}

/** Three days of requests of every kind and a credit; then 100 days of nothing, and one request. */
export async function withLedger(test: (ledger: Ledger) => Promise<void>): Promise<void> {
  await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), async (_, { storage }) => {
    const account = openEngine(storage, { creditNanoUsd: CREDIT, archiveAfterDays: 90 });
    const { clock, engine } = account;
    for (let day = 0; day < 3; day += 1) {
      const id = (number: number) => requestId(clock.nowMs, number);
      const admit = (number: number) =>
        engine.run((held) => reserve(held, aReserve({ requestId: id(number), keyId: `key-${number % 2}` })));
      for (let number = 0; number < 6; number += 1) {
        expect(admit(number).ok).toBe(true);
        // The fifth costs more than its hold, the sixth nothing.
        const ending = number === 5 ? aRelease(id(number)) : aSettlement(id(number), number === 4 ? 170 : 10 + number);
        expect(engine.run((held) => endRequest(held, ending))).toBe("applied");
      }
      // One that the sweeper ends, and of which the proxy tells only on the next day.
      admit(6);
      const abandoned = id(6);
      engine.run((held) => {
        const open = held.book.open.get(abandoned);
        if (open !== undefined) markDispatched(held, open);
      });
      if (day === 1) engine.run((held) => grant(held, GRANT));
      clock.nowMs += 600_000;
      engine.run(sweepLeases);
      clock.nowMs += DAY_MS - 600_000;
      expect(engine.run((held) => endRequest(held, aSettlement(abandoned, 33)))).toBe("applied");
      tell(engine);
    }
    clock.nowMs += 100 * DAY_MS;
    oneRequest(engine, clock.nowMs, 99);
    tell(engine);
    await test({ ...account, companyId: newId() });
  });
}

/** Analytics and D1 have taken everything. */
function tell(engine: Engine): void {
  for (let cells = engine.run(collectCells); cells !== null; cells = engine.run(collectCells)) {
    const collected = cells;
    engine.run((account) => storeCells(account, collected));
  }
  engine.run((account) => markDaysTold(account, readUntoldDays(account)));
}
