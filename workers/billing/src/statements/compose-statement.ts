import type { StatementLine, StatementView } from "@aggregator/contracts/payments";
import { formatUsd } from "@aggregator/money/usd-decimal";
import type { EntrySum, Period } from "../account/read-period.ts";

/**
 * A statement of a stretch of the ledger. Throws when opening, lines and closing do not tie to the nano-USD:
 * a wrong statement is worse than none.
 */
export function composeStatement(
  subject: { readonly companyId: string; readonly month: string; readonly isClosed: boolean },
  period: Period,
  sums: readonly EntrySum[],
): StatementView {
  const lines = linesOf(sums);
  const total = lines.reduce((sum, line) => sum + line.amount_nano_usd, 0);
  if (period.openingNanoUsd + total !== period.closingNanoUsd)
    throw new Error("a statement does not tie to the ledger");
  const credits = lines.filter((line) => line.amount_nano_usd > 0).reduce((sum, line) => sum + line.amount_nano_usd, 0);
  return {
    month: subject.month,
    company_id: subject.companyId,
    is_closed: subject.isClosed,
    opening_nano_usd: period.openingNanoUsd,
    credits_nano_usd: credits,
    charges_nano_usd: total - credits,
    closing_nano_usd: period.closingNanoUsd,
    opening: formatUsd(period.openingNanoUsd),
    closing: formatUsd(period.closingNanoUsd),
    lines,
  };
}

/** One line for each kind, model and key, summed over the parts in which the ledger was read. */
function linesOf(sums: readonly EntrySum[]): StatementLine[] {
  const lines = new Map<string, StatementLine>();
  for (const sum of sums) {
    const name = JSON.stringify([sum.kind, sum.model, sum.keyId]);
    const before = lines.get(name);
    lines.set(name, {
      kind: sum.kind,
      model: sum.model,
      key_id: sum.keyId,
      entries: (before?.entries ?? 0) + sum.entries,
      amount_nano_usd: (before?.amount_nano_usd ?? 0) + sum.amountNanoUsd,
    });
  }
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
