import { and, asc, eq } from "drizzle-orm";
import { PLATFORM } from "../domain/credential-binding.ts";
import type { Database } from "./client.ts";
import { credentials } from "./schema/credentials.ts";
import { endpoints } from "./schema/endpoints.ts";
import { providers } from "./schema/providers.ts";

/** More providers than any platform has; a bound, so that no query is without one. */
const MAX_PROVIDERS = 500;

/** Providers that are on, with the platform's credential, sealed. */
export function selectEnabledProviders(db: Database) {
  return db
    .select({ provider: providers, credential: credentials })
    .from(providers)
    .leftJoin(credentials, and(eq(credentials.companyId, PLATFORM), eq(credentials.providerSlug, providers.slug)))
    .where(eq(providers.enabled, true))
    .orderBy(asc(providers.slug))
    .limit(MAX_PROVIDERS)
    .all();
}
export type EnabledProvider = Awaited<ReturnType<typeof selectEnabledProviders>>[number];

/** The provider of an endpoint; undefined when there is no such endpoint. */
export async function selectProviderOfEndpoint(db: Database, endpointId: string): Promise<string | undefined> {
  const row = await db
    .select({ slug: endpoints.providerSlug })
    .from(endpoints)
    .where(eq(endpoints.id, endpointId))
    .get();
  return row?.slug;
}
