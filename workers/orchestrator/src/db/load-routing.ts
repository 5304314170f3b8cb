import type { ModelCandidates } from "../domain/candidate.ts";
import type { CompanyRouting } from "../domain/company-routing.ts";
import type { Database } from "./client.ts";
import { companyRoutingOf, credentialsStatement, preferencesStatement } from "./company-routing.ts";
import { candidatesStatement, modelsOf } from "./load-candidates.ts";

/** Those of these models (at most 90) that exist, by their keys. Not in a batch: there Drizzle tells joined columns of one name from each other by nothing. */
export async function loadModels(
  db: Database,
  modelIds: readonly string[],
  nowMs: number,
): Promise<readonly ModelCandidates[]> {
  return modelIds.length === 0 ? [] : modelsOf(await candidatesStatement(db, modelIds, nowMs).all());
}

/** What a company says about routing, in one round trip. */
export async function loadCompanyRouting(db: Database, companyId: string): Promise<CompanyRouting> {
  const [preferences, credentials] = await db.batch([
    preferencesStatement(db, companyId),
    credentialsStatement(db, companyId),
  ]);
  return companyRoutingOf(preferences, credentials);
}
