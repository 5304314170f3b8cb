import { MAX_SUMMED_ENTRIES } from "../../account/read-period.ts";
import { openDatabase } from "../../db/client.ts";
import { listCompaniesWithTotals } from "../../db/ledger.ts";
import type { Env } from "../../env.ts";

const DAY_MS = 86_400_000;
const AT_ONCE = 10;

/** What each provider cost the platform on a day (UTC), summed from the ledgers of all companies. */
export async function sumProviderCosts(env: Env, day: string): Promise<ReadonlyMap<string, number>> {
  const db = openDatabase(env.DB);
  const totals = new Map<string, number>();
  for (let after = ""; ;) {
    const page = { after, limit: AT_ONCE, among: null };
    const companies = await listCompaniesWithTotals(db, { from: day, to: day }, page);
    const last = companies.at(-1);
    if (last === undefined) return totals;
    await Promise.all(companies.map((companyId) => addCosts(env, companyId, day, totals)));
    after = last;
  }
}

async function addCosts(env: Env, companyId: string, day: string, totals: Map<string, number>): Promise<void> {
  const account = env.COMPANY_ACCOUNT.getByName(companyId);
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const { afterSeq, throughSeq } = await account.period(startMs, startMs + DAY_MS);
  for (let after = afterSeq; after < throughSeq; after += MAX_SUMMED_ENTRIES) {
    for (const { provider, costNanoUsd } of await account.providerCosts(after, throughSeq)) {
      totals.set(provider, (totals.get(provider) ?? 0) + costNanoUsd);
    }
  }
}
