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
export type CandidateRow = Awaited<ReturnType<typeof candidatesStatement>>[number];

/** Models of these rows, with every endpoint of each. */
export function modelsOf(rows: readonly CandidateRow[]): readonly ModelCandidates[] {
  return [...Map.groupBy(rows, (row) => row.model.id)].map(([model, own]) => ({
    model,
    strategy: own[0]?.model.strategy ?? "priority",
    isSticky: own[0]?.model.isSticky ?? false,
    candidates: own.flatMap(candidateOf),
  }));
}

/** None for a model without endpoints, or whose provider is gone. */
function candidateOf({ model, endpoint, provider, price, credential }: CandidateRow): Candidate[] {
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
    isOnForOwnKeys: endpoint.enabled && (provider.enabled || provider.origin === "catalogue"),
    price: price === null ? null : { id: price.id, base: price.base, tiers: price.tiers },
    credential: credential === null ? null : sealed(credential),
    owner: "platform",
  };
  return [candidate];
}

function sealed({ id, providerSlug, companyId, sealedSecret, revision }: SealedCredential): SealedCredential {
  return { id, providerSlug, companyId, sealedSecret, revision };
}
