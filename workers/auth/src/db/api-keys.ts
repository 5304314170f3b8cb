import { and, desc, eq, gt, inArray, lt, or, sql } from "drizzle-orm";
import type { ApiKeyFilter } from "../domain/key-input.ts";
import type { Database } from "./client.ts";
import { hasLeft } from "./members.ts";
import { apiKeys } from "./schema/api-keys.ts";
import { companies } from "./schema/companies.ts";
import { members, memberships } from "./schema/members.ts";
import { roles } from "./schema/roles.ts";

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type NewApiKeyRow = typeof apiKeys.$inferInsert;

/** A key by the SHA-256 of its secret, with all that a principal is made of: one read, by a unique index. */
export function findKeyBySecret(db: Database, keyHash: string) {
  return db
    .select({
      key: apiKeys,
      company: {
        isActive: companies.isActive,
        preferences: companies.preferences,
        rateLimits: companies.rateLimits,
      },
      maker: { isActive: members.isActive, role: memberships.role },
      custom: { permissions: roles.permissions },
    })
    .from(apiKeys)
    .innerJoin(companies, eq(companies.id, apiKeys.companyId))
    .leftJoin(members, eq(members.id, apiKeys.memberId))
    .leftJoin(
      memberships,
      and(eq(memberships.companyId, apiKeys.companyId), eq(memberships.memberId, apiKeys.memberId)),
    )
    .leftJoin(roles, eq(roles.id, memberships.customRoleId))
    .where(or(eq(apiKeys.keyHash, keyHash), eq(apiKeys.previousKeyHash, keyHash)))
    .get();
}
export type FoundKey = NonNullable<Awaited<ReturnType<typeof findKeyBySecret>>>;

/** A key of a company; another company's is as absent as none. */
export function findApiKey(db: Database, companyId: string, id: string) {
  return db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.companyId, companyId), eq(apiKeys.id, id)))
    .get();
}

/** A company's keys that match, newest first, from below `beforeId` on. */
export function selectApiKeys(
  db: Database,
  companyId: string,
  filter: ApiKeyFilter,
  beforeId: string | null,
  limit: number,
) {
  const { q, is_active: isActive, member_id: memberId } = filter;
  return db
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.companyId, companyId),
        beforeId === null ? undefined : lt(apiKeys.id, beforeId),
        // `instr` and not LIKE: nothing in the text is a wildcard, and the time is linear.
        q === undefined ? undefined : sql`instr(lower(${apiKeys.name} || ' ' || ${apiKeys.hint}), lower(${q})) > 0`,
        isActive === undefined ? undefined : eq(apiKeys.isActive, isActive === "true"),
        memberId === undefined ? undefined : eq(apiKeys.memberId, memberId),
      ),
    )
    .orderBy(desc(apiKeys.id))
    .limit(limit)
    .all();
}

/** Keys by the SHA-256 of a secret, now or before its last rotation. At most 40 hashes: D1 binds 100 values. */
export function selectKeysBySecrets(db: Database, hashes: readonly string[]) {
  return db
    .select()
    .from(apiKeys)
    .where(or(inArray(apiKeys.keyHash, [...hashes]), inArray(apiKeys.previousKeyHash, [...hashes])))
    .all();
}

/** Statement: a new key. */
export function insertApiKey(db: Database, row: NewApiKeyRow) {
  return db.insert(apiKeys).values(row);
}

/** Statement: changes a key that nobody changed since it was read; answers the row as it is then. */
export function changeApiKey(
  db: Database,
  { companyId, id, revision }: Pick<ApiKeyRow, "companyId" | "id" | "revision">,
  next: Partial<ApiKeyRow>,
) {
  return db
    .update(apiKeys)
    .set(next)
    .where(
      and(
        eq(apiKeys.companyId, companyId),
        eq(apiKeys.id, id),
        eq(apiKeys.revision, revision),
        eq(apiKeys.isActive, true),
      ),
    )
    .returning();
}

/** Statement: a key that is active is so no longer. */
export function revokeApiKeyRow(db: Database, companyId: string, id: string, nowMs: number) {
  return db
    .update(apiKeys)
    .set({ isActive: false, revokedAtMs: nowMs, updatedAtMs: nowMs, revision: sql`${apiKeys.revision} + 1` })
    .where(and(eq(apiKeys.companyId, companyId), eq(apiKeys.id, id), eq(apiKeys.isActive, true)));
}

/** Statement: the secret before the last rotation is good no more. */
export function endRotatedSecret(db: Database, { id, companyId }: Pick<ApiKeyRow, "id" | "companyId">, nowMs: number) {
  return db
    .update(apiKeys)
    .set({ previousExpiresAtMs: nowMs, updatedAtMs: nowMs })
    .where(and(eq(apiKeys.companyId, companyId), eq(apiKeys.id, id), gt(apiKeys.previousExpiresAtMs, nowMs)));
}

/** Statement: ends the keys of a member that has left the company earlier in the batch. */
export function revokeKeysOfLeaver(db: Database, companyId: string, memberId: string, nowMs: number) {
  return db
    .update(apiKeys)
    .set({ isActive: false, revokedAtMs: nowMs, updatedAtMs: nowMs, revision: sql`${apiKeys.revision} + 1` })
    .where(
      and(
        eq(apiKeys.companyId, companyId),
        eq(apiKeys.memberId, memberId),
        eq(apiKeys.isActive, true),
        hasLeft(companyId, memberId),
      ),
    );
}

/** Statement: ends all keys of a company. */
export function revokeKeysOfCompany(db: Database, companyId: string, nowMs: number) {
  return db
    .update(apiKeys)
    .set({ isActive: false, revokedAtMs: nowMs, updatedAtMs: nowMs, revision: sql`${apiKeys.revision} + 1` })
    .where(and(eq(apiKeys.companyId, companyId), eq(apiKeys.isActive, true)));
}

const endedKeyColumns = { id: apiKeys.id, scopes: apiKeys.scopes, isActive: apiKeys.isActive } as const;

/** Keys that a member of a company made, active or not. */
export function selectKeysOfMember(db: Database, companyId: string, memberId: string) {
  return db
    .select(endedKeyColumns)
    .from(apiKeys)
    .where(and(eq(apiKeys.companyId, companyId), eq(apiKeys.memberId, memberId)))
    .all();
}

/** Keys that the members made who have one of the company's own roles. */
export function selectKeysOfRole(db: Database, companyId: string, customRoleId: string) {
  const having = db
    .select({ memberId: memberships.memberId })
    .from(memberships)
    .where(and(eq(memberships.companyId, companyId), eq(memberships.customRoleId, customRoleId)));
  return db
    .select(endedKeyColumns)
    .from(apiKeys)
    .where(and(eq(apiKeys.companyId, companyId), inArray(apiKeys.memberId, having)))
    .all();
}

/** Notes a use, to the hour. */
export async function touchApiKey(db: Database, id: string, lastUsedAtMs: number): Promise<void> {
  await db.update(apiKeys).set({ lastUsedAtMs }).where(eq(apiKeys.id, id));
}
