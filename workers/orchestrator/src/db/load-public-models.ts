import { and, asc, eq, inArray, isNotNull, isNull, or } from "drizzle-orm";
import { PROVIDER_KINDS } from "@aggregator/contracts/provider-kinds";
import { PLATFORM } from "../domain/credential-binding.ts";
import { needsCredential } from "../domain/provider-defaults.ts";
import type { Database } from "./client.ts";
import { priceIdInForce } from "./prices.ts";
import { credentials } from "./schema/credentials.ts";
import { endpoints } from "./schema/endpoints.ts";
import { models } from "./schema/models.ts";
import { prices } from "./schema/prices.ts";
import { providers } from "./schema/providers.ts";

/** More endpoints than this are not listed; the bound keeps one answer within memory, not within reason. */
const MAX_ROWS = 50_000;
const KEYLESS_KINDS = PROVIDER_KINDS.filter((kind) => !needsCredential(kind));

/** An endpoint that can be called, with its model: what the public list is made of. */
export type PublicModelRow = Awaited<ReturnType<typeof publicModelsStatement>>[number];

/**
 * Every endpoint that is switched on, whose provider is, and for which there is a credential where one is
 * needed; by model. Starts from the few providers that are on, so models of the others cost nothing.
 */
export function publicModelsStatement(db: Database, nowMs: number, ids: readonly string[] | null) {
  return db
    .select({
      id: models.id,
      contextWindow: models.contextWindow,
      maxOutputTokens: models.maxOutputTokens,
      createdAtMs: models.createdAtMs,
      provider: endpoints.providerSlug,
      priority: providers.priority,
      base: prices.base,
    })
    .from(endpoints)
    .innerJoin(models, eq(models.id, endpoints.modelId))
    .innerJoin(providers, eq(providers.slug, endpoints.providerSlug))
    .leftJoin(credentials, and(eq(credentials.companyId, PLATFORM), eq(credentials.providerSlug, providers.slug)))
    .leftJoin(prices, eq(prices.id, priceIdInForce(db, nowMs)))
    .where(
      and(
        ids === null ? undefined : inArray(endpoints.modelId, [...ids]),
        isNull(endpoints.removedAtMs),
        eq(endpoints.enabled, true),
        eq(providers.enabled, true),
        or(isNotNull(credentials.id), inArray(providers.kind, KEYLESS_KINDS)),
      ),
    )
    .orderBy(asc(models.id), asc(providers.priority), asc(endpoints.providerSlug), asc(endpoints.id))
    .limit(MAX_ROWS);
}
