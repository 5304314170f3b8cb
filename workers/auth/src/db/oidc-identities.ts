import { and, eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import { members } from "./schema/members.ts";
import { oidcIdentities } from "./schema/oidc-identities.ts";

/** The member that a subject of an issuer was linked to. */
export function findMemberBySubject(db: Database, issuer: string, subject: string) {
  return db
    .select({ id: members.id, isActive: members.isActive })
    .from(oidcIdentities)
    .innerJoin(members, eq(members.id, oidcIdentities.memberId))
    .where(and(eq(oidcIdentities.issuer, issuer), eq(oidcIdentities.subject, subject)))
    .get();
}

/** Statement: links a subject to a member, unless either is linked already; answers the member. */
export function linkSubject(db: Database, row: typeof oidcIdentities.$inferInsert) {
  return db.insert(oidcIdentities).values(row).onConflictDoNothing().returning({ memberId: oidcIdentities.memberId });
}
