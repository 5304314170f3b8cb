import type { RoutingRule } from "@aggregator/contracts/routing";
import type { Call } from "../call.ts";
import { loadCompanyRouting, loadModels } from "../db/load-routing.ts";
import { modelAliasesStatement } from "../db/model-aliases.ts";
import { selectRoutingRules } from "../db/routing-rules.ts";
import type { ModelCandidates } from "../domain/candidate.ts";
import type { CompanyRouting } from "../domain/company-routing.ts";
import type { RoutingFacts } from "../domain/plan-endpoints.ts";
import { rulesFor } from "../domain/routing-rule.ts";

/**
 * What routing knows of these names and of a company (null: of none): from the memory of the isolate
 * where it is fresh; what is missing is read at the same time. Aliases cost reads only where a name is
 * no model's.
 */
export async function readRouting(
  call: Call,
  names: readonly string[],
  companyId: string | null,
): Promise<RoutingFacts> {
  const [named, company] = await Promise.all([
    readNames(call, names),
    companyId === null ? NOTHING_SAID : readCompany(call, companyId),
  ]);
  return { ...named, company, byokFeeBps: call.config.BYOK_FEE_BPS };
}

/** The rules that these names and this company may meet, from memory where it is fresh. */
export async function readRules(
  call: Call,
  names: readonly string[],
  companyId: string | null,
): Promise<readonly RoutingRule[]> {
  const known = call.catalogue.rules(call.nowMs);
  const rows = known ?? (await selectRoutingRules(call.db));
  if (known === undefined) call.catalogue.putRules(rows, call.nowMs);
  return rulesFor(rows, names, companyId);
}

const NOTHING_SAID: CompanyRouting = { preferences: null, credentials: [] };

async function readNames(call: Call, names: readonly string[]): Promise<Pick<RoutingFacts, "catalogue" | "aliases">> {
  const catalogue = await readModels(call, names);
  const unknown = [...new Set(names)].filter((name) => !catalogue.has(name));
  if (unknown.length === 0) return { catalogue, aliases: new Map() };
  const aliases = await readAliases(call, unknown);
  const meant = await readModels(call, [...aliases.values()].flat());
  return { catalogue: new Map([...catalogue, ...meant]), aliases };
}

async function readModels(call: Call, ids: readonly string[]): Promise<ReadonlyMap<string, ModelCandidates>> {
  const { models } = call.catalogue;
  const catalogue = new Map<string, ModelCandidates>();
  for (const id of new Set(ids)) {
    const known = models.get(id, call.nowMs);
    if (known !== undefined) catalogue.set(id, known);
  }
  const missing = [...new Set(ids)].filter((id) => !catalogue.has(id));
  for (const found of await loadModels(call.db, missing, call.nowMs)) {
    models.put(found.model, found, call.nowMs);
    catalogue.set(found.model, found);
  }
  return catalogue;
}

async function readAliases(call: Call, names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const { aliases } = call.catalogue;
  const found = new Map<string, readonly string[]>();
  for (const name of names) {
    const known = aliases.get(name, call.nowMs);
    if (known !== undefined) found.set(name, known);
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length === 0) return found;
  for (const { id, models } of await modelAliasesStatement(call.db, missing).all()) {
    aliases.put(id, models, call.nowMs);
    found.set(id, models);
  }
  return found;
}

async function readCompany(call: Call, companyId: string): Promise<CompanyRouting> {
  const { companies } = call.catalogue;
  const known = companies.get(companyId, call.nowMs);
  if (known !== undefined) return known;
  const company = await loadCompanyRouting(call.db, companyId);
  companies.put(companyId, company, call.nowMs);
  return company;
}
