import { and, asc, eq, gt, inArray } from "drizzle-orm";
import { PLATFORM } from "../domain/credential-binding.ts";
import type { Database } from "./client.ts";
import { credentials } from "./schema/credentials.ts";
import { providers } from "./schema/providers.ts";

export type ProviderRow = typeof providers.$inferSelect;
export type ProviderChange = Partial<Omit<ProviderRow, "slug" | "createdAtMs">>;

/** A provider with the platform's credential for it, without the secret's ciphertext. */
export interface FoundProvider {
  readonly provider: ProviderRow;
  readonly credentialId: string | null;
}

function selectWithCredential(db: Database) {
  return db
    .select({ provider: providers, credentialId: credentials.id })
    .from(providers)
    .leftJoin(credentials, and(eq(credentials.companyId, PLATFORM), eq(credentials.providerSlug, providers.slug)));
}

export function findProvider(db: Database, slug: string): Promise<FoundProvider | undefined> {
  return selectWithCredential(db).where(eq(providers.slug, slug)).get();
}

/** Providers by slug, from after `afterSlug` on. */
export function selectProviders(db: Database, afterSlug: string | null, limit: number): Promise<FoundProvider[]> {
  return selectWithCredential(db)
    .where(afterSlug === null ? undefined : gt(providers.slug, afterSlug))
    .orderBy(asc(providers.slug))
    .limit(limit)
    .all();
}

/** Which of these slugs are providers. */
export async function selectProviderSlugs(db: Database, slugs: readonly string[]): Promise<ReadonlySet<string>> {
  if (slugs.length === 0) return new Set();
  const rows = await db
    .select({ slug: providers.slug })
    .from(providers)
    .where(inArray(providers.slug, [...new Set(slugs)]))
    .all();
  return new Set(rows.map(({ slug }) => slug));
}

/** Statement: makes room for a provider whose row came with the price book and was never set up. */
export function deleteUnclaimedProvider(db: Database, slug: string) {
  return db.delete(providers).where(and(eq(providers.slug, slug), eq(providers.origin, "catalogue")));
}

/** Statement: a new provider; a unique violation of `providers.slug` when there is one. */
export function insertProvider(db: Database, row: ProviderRow) {
  return db.insert(providers).values(row);
}

/** Statement: changes a provider. */
export function changeProvider(db: Database, slug: string, change: ProviderChange) {
  return db.update(providers).set(change).where(eq(providers.slug, slug));
}

/** Statement: removes a provider. */
export function deleteProviderRow(db: Database, slug: string) {
  return db.delete(providers).where(eq(providers.slug, slug));
}
