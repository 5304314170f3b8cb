import { and, eq, gt, inArray, lte } from "drizzle-orm";
import type { Database } from "./client.ts";
import { members } from "./schema/members.ts";
import { oneTimeTokens } from "./schema/one-time-tokens.ts";

export type OneTimeTokenRow = typeof oneTimeTokens.$inferSelect;
export type OneTimeKind = OneTimeTokenRow["kind"];

/** Statement: a new token. */
export function insertOneTimeToken(db: Database, row: OneTimeTokenRow) {
  return db.insert(oneTimeTokens).values(row);
}

/** A token that is good, by its SHA-256, with the member that it is for. */
export function findOneTimeToken(db: Database, kind: OneTimeKind, tokenHash: string, nowMs: number) {
  return db
    .select({
      data: oneTimeTokens.data,
      member: { id: members.id, email: members.email, isActive: members.isActive },
    })
    .from(oneTimeTokens)
    .innerJoin(members, eq(members.id, oneTimeTokens.memberId))
    .where(isGood(kind, tokenHash, nowMs))
    .get();
}

/** Statement: uses a token up; answers it when it was good. Of two at the same time one gets it. */
export function takeOneTimeToken(db: Database, kind: OneTimeKind, tokenHash: string, nowMs: number) {
  return db
    .delete(oneTimeTokens)
    .where(isGood(kind, tokenHash, nowMs))
    .returning({ memberId: oneTimeTokens.memberId, data: oneTimeTokens.data });
}

/** Statement: a member's tokens of these kinds are good no more. */
export function deleteOneTimeTokensOf(db: Database, memberId: string, kinds: readonly OneTimeKind[]) {
  return db
    .delete(oneTimeTokens)
    .where(and(eq(oneTimeTokens.memberId, memberId), inArray(oneTimeTokens.kind, [...kinds])));
}

/** Statement: forgets what nobody used. */
export function deleteExpiredTokens(db: Database, nowMs: number) {
  return db.delete(oneTimeTokens).where(lte(oneTimeTokens.expiresAtMs, nowMs));
}

function isGood(kind: OneTimeKind, tokenHash: string, nowMs: number) {
  return and(
    eq(oneTimeTokens.tokenHash, tokenHash),
    eq(oneTimeTokens.kind, kind),
    gt(oneTimeTokens.expiresAtMs, nowMs),
  );
}
