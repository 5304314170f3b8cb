import { and, eq, isNull } from "drizzle-orm";
import type { Database } from "./client.ts";
import { hasLeft } from "./members.ts";
import { companies } from "./schema/companies.ts";
import { members, memberships } from "./schema/members.ts";
import { roles } from "./schema/roles.ts";
import { sessions } from "./schema/sessions.ts";

export type SessionRow = typeof sessions.$inferSelect;
export type NewSessionRow = typeof sessions.$inferInsert;
type EndReason = NonNullable<SessionRow["endedReason"]>;

const sessionColumns = {
  session: sessions,
  company: companies,
  member: {
    id: members.id,
    email: members.email,
    isActive: members.isActive,
    isPlatformAdmin: members.isPlatformAdmin,
  },
  membership: { role: memberships.role },
  custom: { name: roles.name, permissions: roles.permissions },
} as const;

/** A session with all that its member is in its company, in one read. Undefined also when the member is no longer there. */
export function findSession(db: Database, id: string) {
  return withCompany(db).where(eq(sessions.id, id)).get();
}

/** As `findSession`, by the SHA-256 of a refresh token's family. */
export function findSessionByFamily(db: Database, familyHash: string) {
  return withCompany(db).where(eq(sessions.familyHash, familyHash)).get();
}
export type FoundSession = NonNullable<Awaited<ReturnType<typeof findSession>>>;

function withCompany(db: Database) {
  return db
    .select(sessionColumns)
    .from(sessions)
    .innerJoin(members, eq(members.id, sessions.memberId))
    .innerJoin(companies, eq(companies.id, sessions.companyId))
    .innerJoin(
      memberships,
      and(eq(memberships.companyId, sessions.companyId), eq(memberships.memberId, sessions.memberId)),
    )
    .leftJoin(roles, eq(roles.id, memberships.customRoleId))
    .$dynamic();
}

/** Statement: a new session. */
export function insertSession(db: Database, row: NewSessionRow) {
  return db.insert(sessions).values(row);
}

/** Statement: ends a session that has not ended. */
export function endSession(db: Database, id: string, reason: EndReason, nowMs: number) {
  return db
    .update(sessions)
    .set({ endedAtMs: nowMs, endedReason: reason })
    .where(and(eq(sessions.id, id), isNull(sessions.endedAtMs)));
}

/** Replaces the refresh token; false when another request replaced it first, or the session ended. */
export async function rotateRefreshToken(
  db: Database,
  session: Pick<SessionRow, "id" | "refreshHash">,
  next: Pick<SessionRow, "refreshHash" | "refreshedAtMs" | "idleEndsAtMs">,
): Promise<boolean> {
  const rotated = await db
    .update(sessions)
    .set(next)
    .where(and(eq(sessions.id, session.id), eq(sessions.refreshHash, session.refreshHash), isNull(sessions.endedAtMs)))
    .returning({ id: sessions.id });
  return rotated.length === 1;
}

/** Statement: ends a member's sessions in a company that it has left earlier in the batch. */
export function endSessionsOfLeaver(db: Database, companyId: string, memberId: string, nowMs: number) {
  return db
    .update(sessions)
    .set({ endedAtMs: nowMs, endedReason: "removed" })
    .where(
      and(
        eq(sessions.memberId, memberId),
        eq(sessions.companyId, companyId),
        isNull(sessions.endedAtMs),
        hasLeft(companyId, memberId),
      ),
    );
}

/** Statement: ends all sessions in a company. */
export function endSessionsOfCompany(db: Database, companyId: string, nowMs: number) {
  return db
    .update(sessions)
    .set({ endedAtMs: nowMs, endedReason: "removed" })
    .where(and(eq(sessions.companyId, companyId), isNull(sessions.endedAtMs)));
}
