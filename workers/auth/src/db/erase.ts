import { eq, inArray, sql } from "drizzle-orm";
import type { Database, Statement } from "./client.ts";
import { apiKeys } from "./schema/api-keys.ts";
import { invitations } from "./schema/invitations.ts";
import { members, memberships } from "./schema/members.ts";
import { oidcIdentities } from "./schema/oidc-identities.ts";
import { oneTimeTokens } from "./schema/one-time-tokens.ts";
import { recoveryCodes, secondFactors } from "./schema/second-factors.ts";
import { sessions } from "./schema/sessions.ts";

/**
 * Statements that remove, from a company whose row says that it is erased, what tells who its people
 * are. Ids stay, since the ledger names them; people who are in another company stay as they are there.
 * The last statement changes the company's row count by what it deletes, so a row of the log follows it.
 */
export function eraseStatements(db: Database, companyId: string, nowMs: number): Statement[] {
  const others = sql`select member_id from memberships where company_id <> ${companyId}`;
  const alone = db
    .select({ id: memberships.memberId })
    .from(memberships)
    .where(sql`${memberships.companyId} = ${companyId} and ${memberships.memberId} not in (${others})`);
  return [
    db.delete(recoveryCodes).where(inArray(recoveryCodes.memberId, alone)),
    db.delete(secondFactors).where(inArray(secondFactors.memberId, alone)),
    db.delete(oidcIdentities).where(inArray(oidcIdentities.memberId, alone)),
    db.delete(oneTimeTokens).where(inArray(oneTimeTokens.memberId, alone)),
    db.delete(sessions).where(eq(sessions.companyId, companyId)),
    db
      .update(apiKeys)
      .set({ name: "erased", allowedIps: null, isActive: false })
      .where(eq(apiKeys.companyId, companyId)),
    db
      .update(invitations)
      .set({
        email: sql`${invitations.id} || '@erased.invalid'`,
        status: sql`case when ${invitations.status} = 'pending' then 'revoked' else ${invitations.status} end`,
      })
      .where(eq(invitations.companyId, companyId)),
    db
      .update(members)
      .set({
        email: sql`${members.id} || '@erased.invalid'`,
        passwordHash: null,
        emailVerifiedAtMs: null,
        isActive: false,
        updatedAtMs: nowMs,
      })
      .where(inArray(members.id, alone)),
    db.delete(memberships).where(eq(memberships.companyId, companyId)),
  ];
}
