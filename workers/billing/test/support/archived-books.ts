import { env } from "cloudflare:workers";
import { archiveNext } from "../../src/account/archive/archive-next.ts";
import { pageTransactions } from "../../src/account/archive/page-transactions.ts";
import type { ArchiveBucket } from "../../src/account/archive/part-file.ts";
import { auditEnd, auditEntries, AUDIT_START } from "../../src/account/audit-ledger.ts";
import { checkInvariants } from "../../src/account/check-invariants.ts";
import { readBalance } from "../../src/account/read-balance.ts";
import { readPeriod, sumEntries, sumStretch } from "../../src/account/read-period.ts";
import { spentIn } from "../../src/account/spent.ts";
import type { Ledger } from "./old-ledger.ts";
import type { TestAccount } from "./open-engine.ts";

const DAY_MS = 86_400_000;
/** Of the ledger that `withLedger` makes. */
export const FIRST_DAY = "2026-11-23";

/** Everything that is read from the ledger. */
export async function booksOf({ engine, companyId, clock }: Ledger, bucket: ArchiveBucket = env.ARCHIVE) {
  const first = engine.run((account) => auditEntries(account, AUDIT_START));
  const audit = engine.run((account) => auditEnd(account, first.position, first.suspects));
  clock.nowMs += 61_000;
  const transactions = [];
  for (let cursor: string | undefined; ;) {
    const page = await pageTransactions(engine, bucket, companyId, { limit: 7, cursor });
    transactions.push(...page.data);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  const days = [0, 1, 2, 3, 4].map((day) =>
    engine.run((account) => {
      const startMs = Date.parse(FIRST_DAY) + day * DAY_MS;
      const { openedAtMs, ...period } = readPeriod(account, startMs, startMs + DAY_MS);
      const sums = sumEntries(account, period.afterSeq, period.throughSeq).map((sum) => JSON.stringify(sum));
      return {
        openedAtMs,
        period,
        sums: sums.toSorted(),
        total: sumStretch(account, period.afterSeq, period.throughSeq),
      };
    }),
  );
  return {
    audit,
    faults: first.faults,
    transactions,
    days,
    balance: engine.run(readBalance).posted_nano_usd,
    lifetime: engine.run((account) => spentIn(account, { scope: "company", id: "" }, "lifetime").nanoUsd),
    broken: engine.run(checkInvariants),
  };
}

/** Archives all that is due; returns how many files that took. */
export async function archiveAll({ engine, companyId }: Ledger, bucket: ArchiveBucket = env.ARCHIVE): Promise<number> {
  let parts = 0;
  while ((await archiveNext(engine, bucket, companyId)) !== null) parts += 1;
  return parts;
}

/** The rows of entries and requests. */
export const rowsOf = ({ sql }: TestAccount) => ({
  entries: sql.all("SELECT * FROM entry ORDER BY seq"),
  reservations: sql.all("SELECT * FROM reservation ORDER BY id"),
});
