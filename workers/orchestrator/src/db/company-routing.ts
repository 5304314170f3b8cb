import { and, asc, eq, gt } from "drizzle-orm";
import type { CompanyRouting } from "../domain/company-routing.ts";
import type { Database } from "./client.ts";
import type { CredentialRow } from "./credentials.ts";
import { credentials } from "./schema/credentials.ts";
import { providerPreferences } from "./schema/provider-preferences.ts";

export type PreferencesRow = typeof providerPreferences.$inferSelect;

/** The company's preferences, by primary key. */
export function preferencesStatement(db: Database, companyId: string) {
  return db.select().from(providerPreferences).where(eq(providerPreferences.companyId, companyId));
}

/** Every credential of the company, by its index. */
export function credentialsStatement(db: Database, companyId: string) {
  return db
    .select()
    .from(credentials)
    .where(eq(credentials.companyId, companyId))
    .orderBy(asc(credentials.providerSlug));
}

/** What the two statements found, as routing needs it. */
export function companyRoutingOf(
  preferences: readonly PreferencesRow[],
  rows: readonly CredentialRow[],
): CompanyRouting {
  return {
    preferences: preferences[0]?.preferences ?? null,
    credentials: rows.map(({ id, providerSlug, companyId, sealedSecret, revision, host }) => ({
      id,
      providerSlug,
      companyId,
      sealedSecret,
      revision,
      host,
    })),
  };
}

/** Writes preferences over those of `revision` (0: none yet); undefined when somebody else was first. */
export async function writePreferences(
  db: Database,
  row: PreferencesRow,
  revision: number,
): Promise<PreferencesRow | undefined> {
  const { preferences, revision: next, updatedAtMs } = row;
  if (revision === 0) return await db.insert(providerPreferences).values(row).onConflictDoNothing().returning().get();
  return await db
    .update(providerPreferences)
    .set({ preferences, revision: next, updatedAtMs })
    .where(and(eq(providerPreferences.companyId, row.companyId), eq(providerPreferences.revision, revision)))
    .returning()
    .get();
}

/** A company's credentials by provider, from after `afterProvider` on. */
export function selectOwnCredentials(
  db: Database,
  companyId: string,
  afterProvider: string | null,
  limit: number,
): Promise<CredentialRow[]> {
  return db
    .select()
    .from(credentials)
    .where(
      and(
        eq(credentials.companyId, companyId),
        afterProvider === null ? undefined : gt(credentials.providerSlug, afterProvider),
      ),
    )
    .orderBy(asc(credentials.providerSlug))
    .limit(limit)
    .all();
}

/** One credential, if it is the company's. */
export function findOwnCredential(db: Database, companyId: string, id: string): Promise<CredentialRow | undefined> {
  return db
    .select()
    .from(credentials)
    .where(and(eq(credentials.id, id), eq(credentials.companyId, companyId)))
    .get();
}

/** Writes a credential over the one of the same row and `revision`; undefined when somebody else was first. */
export function changeOwnCredential(
  db: Database,
  before: Pick<CredentialRow, "id" | "companyId" | "revision">,
  change: Partial<Omit<CredentialRow, "companyId" | "providerSlug">>,
): Promise<CredentialRow | undefined> {
  return db
    .update(credentials)
    .set(change)
    .where(
      and(
        eq(credentials.id, before.id),
        eq(credentials.companyId, before.companyId),
        eq(credentials.revision, before.revision),
      ),
    )
    .returning()
    .get();
}

/** Removes a credential, if it is the company's, and answers it. */
export function deleteOwnCredential(db: Database, companyId: string, id: string): Promise<CredentialRow | undefined> {
  return db
    .delete(credentials)
    .where(and(eq(credentials.id, id), eq(credentials.companyId, companyId)))
    .returning()
    .get();
}
