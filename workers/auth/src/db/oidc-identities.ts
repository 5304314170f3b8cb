import { and, eq, sql } from "drizzle-orm";
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

/** What a member is linked to: at most one subject of each issuer that ever was configured. */
export function selectIdentitiesOf(db: Database, memberId: string) {
  return db.select().from(oidcIdentities).where(eq(oidcIdentities.memberId, memberId)).all();
}
export type OidcIdentityRow = Awaited<ReturnType<typeof selectIdentitiesOf>>[number];

/**
 * Statement: takes a member's link away, unless no way to sign in is left then: a password, or a link to
 * `currentIssuer`, the one that is asked now. Answers the member.
 */
export function unlinkSubject(db: Database, { issuer, subject, memberId }: OidcIdentityRow, currentIssuer: string) {
  return db
    .delete(oidcIdentities)
    .where(
      and(
        eq(oidcIdentities.issuer, issuer),
        eq(oidcIdentities.subject, subject),
        eq(oidcIdentities.memberId, memberId),
        sql`(exists (select 1 from members where id = ${memberId} and password_hash is not null)
          or exists (select 1 from oidc_identities as other where other.member_id = ${memberId}
            and other.issuer = ${currentIssuer} and other.issuer <> ${issuer}))`,
      ),
    )
    .returning({ memberId: oidcIdentities.memberId });
}
