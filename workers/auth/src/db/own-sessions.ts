import { and, desc, eq, gt, isNull, lt, lte, ne, type SQL } from "drizzle-orm";
import type { Database } from "./client.ts";
import { companies } from "./schema/companies.ts";
import { sessions } from "./schema/sessions.ts";
import type { SessionRow } from "./sessions.ts";

type EndReason = NonNullable<SessionRow["endedReason"]>;

/** A member's sessions that last, in any of its companies, newest first, from below `beforeId` on. */
export function selectSessionsOf(
  db: Database,
  memberId: string,
  nowMs: number,
  beforeId: string | null,
  limit: number,
) {
  return db
    .select({
      id: sessions.id,
      companyId: sessions.companyId,
      companyName: companies.name,
      method: sessions.method,
      ip: sessions.ip,
      createdAtMs: sessions.createdAtMs,
      refreshedAtMs: sessions.refreshedAtMs,
      idleEndsAtMs: sessions.idleEndsAtMs,
      endsAtMs: sessions.endsAtMs,
    })
    .from(sessions)
    .innerJoin(companies, eq(companies.id, sessions.companyId))
    .where(
      and(
        eq(sessions.memberId, memberId),
        isNull(sessions.endedAtMs),
        gt(sessions.idleEndsAtMs, nowMs),
        gt(sessions.endsAtMs, nowMs),
        beforeId === null ? undefined : lt(sessions.id, beforeId),
      ),
    )
    .orderBy(desc(sessions.id))
    .limit(limit)
    .all();
}
export type OwnSession = Awaited<ReturnType<typeof selectSessionsOf>>[number];

/** A session of a member by id; another's is as absent as none. */
export function findSessionOf(db: Database, memberId: string, id: string) {
  return db
    .select({ id: sessions.id, companyId: sessions.companyId })
    .from(sessions)
    .where(and(eq(sessions.id, id), eq(sessions.memberId, memberId)))
    .get();
}

/** Statement: ends a member's sessions, but for `exceptId`; where `onlyIf` holds. */
export function endSessionsOf(
  db: Database,
  memberId: string,
  exceptId: string | null,
  reason: EndReason,
  nowMs: number,
  onlyIf?: SQL,
) {
  return db
    .update(sessions)
    .set({ endedAtMs: nowMs, endedReason: reason })
    .where(
      and(
        eq(sessions.memberId, memberId),
        isNull(sessions.endedAtMs),
        exceptId === null ? undefined : ne(sessions.id, exceptId),
        onlyIf,
      ),
    );
}

/** Statement: forgets sessions that had to end by now. */
export function deletePastSessions(db: Database, nowMs: number) {
  return db.delete(sessions).where(lte(sessions.endsAtMs, nowMs));
}
