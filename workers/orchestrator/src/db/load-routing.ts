import type { ModelCandidates } from "../domain/candidate.ts";
import { chunksOf } from "../domain/chunks.ts";
import type { CompanyRouting } from "../domain/company-routing.ts";
import { type Database, MAX_PARAMETERS } from "./client.ts";
import { companyRoutingOf, credentialsStatement, preferencesStatement } from "./company-routing.ts";
import { candidatesStatement, modelsOf } from "./load-candidates.ts";

/** Those of these models that exist, by their keys. Not in a batch: there Drizzle tells joined columns of one name from each other by nothing. */
export async function loadModels(
  db: Database,
  modelIds: readonly string[],
  nowMs: number,
): Promise<readonly ModelCandidates[]> {
  const loaded: ModelCandidates[] = [];
  for (const ids of chunksOf(modelIds, MAX_PARAMETERS)) {
    loaded.push(...modelsOf(await candidatesStatement(db, ids, nowMs).all()));
  }
  return loaded;
}

/** What a company says about routing, in one round trip. */
export async function loadCompanyRouting(db: Database, companyId: string): Promise<CompanyRouting> {
  const [preferences, credentials] = await db.batch([
    preferencesStatement(db, companyId),
    credentialsStatement(db, companyId),
  ]);
  return companyRoutingOf(preferences, credentials);
}
