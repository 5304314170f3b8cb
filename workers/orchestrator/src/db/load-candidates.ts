import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Candidate, ModelCandidates, SealedCredential } from "../domain/candidate.ts";
import { PLATFORM } from "../domain/credential-binding.ts";
import type { Database } from "./client.ts";
import { priceIdInForce } from "./prices.ts";
import { credentials } from "./schema/credentials.ts";
import { endpoints } from "./schema/endpoints.ts";
import { models } from "./schema/models.ts";
import { prices } from "./schema/prices.ts";
import { providers } from "./schema/providers.ts";

/** The rows of these models (at most 90) with all that serves them: one query, by unique indexes. */
export function candidatesStatement(db: Database, modelIds: readonly string[], nowMs: number) {
  return db
    .select({ model: models, endpoint: endpoints, provider: providers, price: prices, credential: credentials })
    .from(models)
    .leftJoin(endpoints, and(eq(endpoints.modelId, models.id), isNull(endpoints.removedAtMs)))
    .leftJoin(providers, eq(providers.slug, endpoints.providerSlug))
    .leftJoin(prices, eq(prices.id, priceIdInForce(db, nowMs)))
    .leftJoin(credentials, and(eq(credentials.companyId, PLATFORM), eq(credentials.providerSlug, providers.slug)))
    .where(inArray(models.id, [...modelIds]))
    .orderBy(asc(models.id), asc(endpoints.id));
}
type Row = Awaited<ReturnType<typeof candidatesStatement>>[number];

/** Those of these models that exist, with every endpoint of them. */
export async function loadCandidates(
  db: Database,
  modelIds: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, ModelCandidates>> {
  if (modelIds.length === 0) return new Map();
  const rows = await candidatesStatement(db, modelIds, nowMs).all();
  const found = new Map<string, ModelCandidates>();
  for (const [model, own] of Map.groupBy(rows, (row) => row.model.id)) {
    found.set(model, { model, candidates: own.flatMap(candidateOf) });
  }
  return found;
}

/** None for a model without endpoints, or whose provider is gone. */
function candidateOf({ model, endpoint, provider, price, credential }: Row): Candidate[] {
  if (endpoint === null || provider === null) return [];
  const candidate: Candidate = {
    endpointId: endpoint.id,
    model: model.id,
    provider: provider.slug,
    kind: provider.kind,
    baseUrl: provider.baseUrl,
    upstreamModel: endpoint.upstreamModel,
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    onDisconnect: provider.onDisconnect,
    collectsData: provider.collectsData,
    priority: provider.priority,
    weight: endpoint.weight,
    isEnabled: endpoint.enabled && provider.enabled,
    price: price === null ? null : { id: price.id, base: price.base, tiers: price.tiers },
    credential: credential === null ? null : sealed(credential),
  };
  return [candidate];
}

function sealed({ id, providerSlug, companyId, sealedSecret }: SealedCredential): SealedCredential {
  return { id, providerSlug, companyId, sealedSecret };
}
