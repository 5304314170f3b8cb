import { and, eq, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { members } from "./schema/members.ts";

/** A member with its password's hash, which no view shows. */
export function findMemberWithPassword(db: Database, memberId: string) {
  return db
    .select({ id: members.id, email: members.email, passwordHash: members.passwordHash })
    .from(members)
    .where(eq(members.id, memberId))
    .get();
}

/** Statement: another password, where nobody changed it since it was read; answers the member. */
export function replacePassword(
  db: Database,
  member: { readonly id: string; readonly passwordHash: string },
  passwordHash: string,
  nowMs: number,
) {
  return db
    .update(members)
    .set({ passwordHash, updatedAtMs: nowMs })
    .where(and(eq(members.id, member.id), eq(members.passwordHash, member.passwordHash)))
    .returning({ id: members.id });
}

/** Statement: a password and, since a link proved it, a verified address; right after `takeOneTimeToken` and only if that took one. */
export function setPasswordIfChanged(db: Database, memberId: string, passwordHash: string, nowMs: number) {
  return db
    .update(members)
    .set({
      passwordHash,
      emailVerifiedAtMs: sql`coalesce(${members.emailVerifiedAtMs}, ${nowMs})`,
      updatedAtMs: nowMs,
    })
    .where(and(eq(members.id, memberId), eq(members.isActive, true), sql`changes() > 0`));
}

/** For statements that follow a change of password in its batch: it is the one that was stored. */
export function hasPassword(memberId: string, passwordHash: string) {
  return sql`exists (select 1 from members where id = ${memberId} and password_hash = ${passwordHash})`;
}
