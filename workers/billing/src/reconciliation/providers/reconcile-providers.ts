import { defectFields } from "@aggregator/runtime/log";
import { openDatabase } from "../../db/client.ts";
import { dropProviderFinding, keepProviderFinding, type ProviderFindingRow } from "../../db/provider-findings.ts";
import { isDifferent } from "../../domain/provider-difference.ts";
import { type Env, paymentConfig, reportConfig } from "../../env.ts";
import { reportsOf } from "./provider-report.ts";
import { sumProviderCosts } from "./sum-provider-costs.ts";

export interface ReconciledProviders {
  readonly findings: readonly ProviderFindingRow[];
  /** Providers whose report could not be had. */
  readonly unread: readonly string[];
}

/**
 * Compares what the ledgers say that each provider with a report cost on a day (`2026-11-23`, UTC) with that report.
 * Keeps, logs and returns differences beyond the tolerance; a day that ties again is no finding any more. A report
 * that cannot be had does not stop the others.
 */
export async function reconcileProviders(env: Env, day: string, nowMs: number): Promise<ReconciledProviders> {
  const reports = reportsOf(env);
  if (reports.length === 0) return { findings: [], unread: [] };
  const { log } = paymentConfig(env);
  const ledger = await sumProviderCosts(env, day);
  const findings: ProviderFindingRow[] = [];
  const unread: string[] = [];
  for (const { provider, costOf } of reports) {
    try {
      const found = await compare(env, { day, provider, ledgerNanoUsd: ledger.get(provider) ?? 0 }, costOf, nowMs);
      if (found === null) continue;
      findings.push(found);
      log.error("provider.difference", { provider, reason: day });
    } catch (error) {
      unread.push(provider);
      log.error("provider.not_compared", { provider, reason: day, ...defectFields(error) });
    }
  }
  return { findings, unread };
}

async function compare(
  env: Env,
  of: Pick<ProviderFindingRow, "day" | "provider" | "ledgerNanoUsd">,
  costOf: (day: string) => Promise<number>,
  nowMs: number,
): Promise<ProviderFindingRow | null> {
  const db = openDatabase(env.DB);
  const providerNanoUsd = await costOf(of.day);
  const finding = { id: `${of.day}/${of.provider}`, ...of, providerNanoUsd, foundAtMs: nowMs };
  if (!isDifferent(of.ledgerNanoUsd, providerNanoUsd, reportConfig(env).toleranceBps)) {
    await dropProviderFinding(db, finding.id);
    return null;
  }
  await keepProviderFinding(db, finding);
  return finding;
}
