import type { Account } from "./account.ts";
import { MAX_SUMMED_ENTRIES } from "./read-period.ts";

/** What one provider took of the platform for a stretch of a company's requests; nothing where the company's own key paid. */
export interface ProviderCost {
  readonly provider: string;
  readonly costNanoUsd: number;
}

/** Costs by provider of a stretch of the ledger that is not archived, at most MAX_SUMMED_ENTRIES positions. */
export function readProviderCosts(account: Account, afterSeq: number, throughSeq: number): ProviderCost[] {
  return account.sql
    .all<{ provider: string; cost: number }>(
      `SELECT provider, sum(cost) AS cost FROM entry
       WHERE seq > ? AND seq <= ? AND cost <> 0 AND provider IS NOT NULL GROUP BY provider`,
      afterSeq,
      Math.min(throughSeq, afterSeq + MAX_SUMMED_ENTRIES),
    )
    .map(({ provider, cost }) => ({ provider, costNanoUsd: cost }));
}
