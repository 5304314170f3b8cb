import type { StatementView } from "@aggregator/contracts/payments";
import { type EntrySum, MAX_SUMMED_ENTRIES, type Period } from "../account/read-period.ts";
import type { Env } from "../env.ts";
import { composeStatement } from "./compose-statement.ts";
import type { MonthSpan } from "./month.ts";

/** Clocks differ: only after this is it certain that no entry is posted into the month any more. */
export const SETTLING_MS = 10 * 60_000;

export interface MadeStatement {
  readonly statement: StatementView;
  readonly period: Period;
}

/**
 * Sums a month of the ledger, the running one as it stands. Months meet at a position in the ledger, whose time never
 * goes back, so no entry falls between two. null: the account was opened later. Throws when it does not tie.
 */
export async function makeStatement(
  env: Env,
  companyId: string,
  span: MonthSpan,
  nowMs: number,
): Promise<MadeStatement | null> {
  const account = env.COMPANY_ACCOUNT.getByName(companyId);
  const period = await account.period(span.startMs, Math.min(span.endMs, nowMs + 1));
  if (period.openedAtMs >= span.endMs) return null;
  const sums: EntrySum[] = [];
  for (let after = period.afterSeq; after < period.throughSeq; after += MAX_SUMMED_ENTRIES) {
    sums.push(...(await account.sumEntries(after, period.throughSeq)));
  }
  const isClosed = span.endMs + SETTLING_MS <= nowMs;
  return { statement: composeStatement({ companyId, month: span.month, isClosed }, period, sums), period };
}
