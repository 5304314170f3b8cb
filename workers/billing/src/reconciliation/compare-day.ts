import { MAX_SUMMED_ENTRIES } from "../account/read-period.ts";
import { openDatabase } from "../db/client.ts";
import {
  dropLedgerFinding,
  findDailyTotal,
  keepLedgerFinding,
  type DailyTotalRow,
  type LedgerFindingRow,
} from "../db/ledger.ts";
import { type Env, paymentConfig } from "../env.ts";

const DAY_MS = 86_400_000;
/** What is younger may still be on its way: the account tells once a minute, later when the queue was away. */
const SETTLING_MS = 3_600_000;

/**
 * Compares one day of a company's ledger, summed entry by entry, with the daily total that D1 has of it: to the
 * nano-USD, and to the entry. Both stand at the same entry, so that a busy account never differs. Keeps, logs and
 * returns a difference, named by company and day; a day that ties again is no finding any more.
 */
export async function compareDay(
  env: Env,
  companyId: string,
  day: string,
  nowMs: number,
): Promise<LedgerFindingRow | null> {
  const db = openDatabase(env.DB);
  const total = await findDailyTotal(db, companyId, day);
  const ledger = await sumDay(env, companyId, day, total, nowMs);
  const id = `${day}/${companyId}`;
  const found = { totalNanoUsd: total?.amountNanoUsd ?? 0, totalEntries: total?.entries ?? 0 };
  if (ledger.amountNanoUsd === found.totalNanoUsd && ledger.entries === found.totalEntries) {
    await dropLedgerFinding(db, id);
    return null;
  }
  const finding: LedgerFindingRow = {
    id,
    day,
    companyId,
    ledgerNanoUsd: ledger.amountNanoUsd,
    ledgerEntries: ledger.entries,
    ...found,
    foundAtMs: nowMs,
  };
  await keepLedgerFinding(db, finding);
  paymentConfig(env).log.error("ledger.difference", { company_id: companyId, reason: day });
  return finding;
}

/** The day's entries up to the one that the total counts to, and what should have been told long ago. */
async function sumDay(env: Env, companyId: string, day: string, total: DailyTotalRow | undefined, nowMs: number) {
  const account = env.COMPANY_ACCOUNT.getByName(companyId);
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const { afterSeq, throughSeq: due } = await account.period(startMs, Math.min(startMs + DAY_MS, nowMs - SETTLING_MS));
  const { throughSeq: last } = await account.period(startMs, startMs + DAY_MS);
  const throughSeq = Math.min(last, Math.max(due, total?.throughSeq ?? 0));
  let [entries, amountNanoUsd] = [0, 0];
  for (let after = afterSeq; after < throughSeq; after += MAX_SUMMED_ENTRIES) {
    const sum = await account.sumStretch(after, throughSeq);
    entries += sum.entries;
    amountNanoUsd += sum.amountNanoUsd;
  }
  return { entries, amountNanoUsd };
}
