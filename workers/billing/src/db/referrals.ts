import { and, desc, eq, inArray, lt, lte, or, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { commissions, referrals } from "./schema/referrals.ts";

export type ReferralRow = typeof referrals.$inferSelect;
export type CommissionRow = typeof commissions.$inferSelect;

/** Attributes a company to a referrer; false when it already is attributed: the first one stays. */
export async function insertReferral(
  db: Database,
  referral: Pick<ReferralRow, "refereeCompanyId" | "referrerCompanyId" | "status" | "voidReason">,
  nowMs: number,
): Promise<boolean> {
  const inserted = await db
    .insert(referrals)
    .values({ ...referral, attributedAtMs: nowMs })
    .onConflictDoNothing()
    .returning({ id: referrals.refereeCompanyId });
  return inserted.length === 1;
}

export async function findReferral(db: Database, refereeCompanyId: string): Promise<ReferralRow | undefined> {
  return db.select().from(referrals).where(eq(referrals.refereeCompanyId, refereeCompanyId)).get();
}

/** Pins the terms at the referee's first settled payment; only a pending referral takes them. */
export async function activateReferral(
  db: Database,
  refereeCompanyId: string,
  terms: Pick<ReferralRow, "commissionBps" | "capNanoUsd" | "endsAtMs" | "activatedAtMs">,
): Promise<void> {
  await db
    .update(referrals)
    .set({ ...terms, status: "active" })
    .where(and(eq(referrals.refereeCompanyId, refereeCompanyId), eq(referrals.status, "pending")));
}

export async function voidReferral(db: Database, refereeCompanyId: string, reason: string): Promise<void> {
  await db
    .update(referrals)
    .set({ status: "void", voidReason: reason })
    .where(eq(referrals.refereeCompanyId, refereeCompanyId));
}

/** Referrals between a company and any of others, in either direction. */
export async function listReferralsBetween(
  db: Database,
  companyId: string,
  others: readonly string[],
): Promise<ReferralRow[]> {
  return db
    .select()
    .from(referrals)
    .where(
      or(
        and(eq(referrals.refereeCompanyId, companyId), inArray(referrals.referrerCompanyId, [...others])),
        and(eq(referrals.referrerCompanyId, companyId), inArray(referrals.refereeCompanyId, [...others])),
      ),
    );
}

export async function listReferrals(
  db: Database,
  referrerCompanyId: string,
  before: readonly [attributedAtMs: number, refereeCompanyId: string],
  limit: number,
): Promise<(ReferralRow & { earnedNanoUsd: number })[]> {
  const [atMs, id] = before;
  // Names in full: drizzle leaves the table out where only one is selected from, and the inner table would be compared with itself.
  const earned = sql<number>`(select coalesce(sum(commissions.net_nano_usd), 0) from commissions
    where commissions.referee_company_id = referrals.referee_company_id)`;
  const rows = await db
    .select({ referral: referrals, earnedNanoUsd: earned })
    .from(referrals)
    .where(
      and(
        eq(referrals.referrerCompanyId, referrerCompanyId),
        lte(referrals.attributedAtMs, atMs),
        or(lt(referrals.attributedAtMs, atMs), lt(referrals.refereeCompanyId, id)),
      ),
    )
    .orderBy(desc(referrals.attributedAtMs), desc(referrals.refereeCompanyId))
    .limit(limit);
  return rows.map(({ referral, earnedNanoUsd }) => ({ ...referral, earnedNanoUsd }));
}

/**
 * Decides what a payment earns, once: at most what the cap leaves. One statement, so that payments at the
 * same time cannot pass the cap together.
 */
export async function insertCommission(
  db: Database,
  commission: Pick<CommissionRow, "paymentId" | "refereeCompanyId" | "referrerCompanyId" | "grossNanoUsd">,
  capNanoUsd: number,
  nowMs: number,
): Promise<void> {
  const { paymentId, refereeCompanyId, referrerCompanyId, grossNanoUsd } = commission;
  await db.run(sql`insert into ${commissions}
    (payment_id, referee_company_id, referrer_company_id, gross_nano_usd, net_nano_usd, revision, created_at_ms)
    select ${paymentId}, ${refereeCompanyId}, ${referrerCompanyId},
           max(0, min(${grossNanoUsd}, ${capNanoUsd} - coalesce(sum(gross_nano_usd), 0))), 0, 0, ${nowMs}
    from ${commissions} where referee_company_id = ${refereeCompanyId}
    on conflict (payment_id) do nothing`);
}

export async function findCommission(db: Database, paymentId: string): Promise<CommissionRow | undefined> {
  return db.select().from(commissions).where(eq(commissions.paymentId, paymentId)).get();
}

export async function listCommissionedPayments(db: Database, refereeCompanyId: string): Promise<string[]> {
  const rows = await db
    .select({ paymentId: commissions.paymentId })
    .from(commissions)
    .where(eq(commissions.refereeCompanyId, refereeCompanyId));
  return rows.map((row) => row.paymentId);
}

/** Moves a commission to a new net amount if nobody else has since it was read. */
export async function saveCommission(db: Database, seen: CommissionRow, netNanoUsd: number): Promise<boolean> {
  const saved = await db
    .update(commissions)
    .set({ netNanoUsd, revision: seen.revision + 1 })
    .where(and(eq(commissions.paymentId, seen.paymentId), eq(commissions.revision, seen.revision)))
    .returning({ id: commissions.paymentId });
  return saved.length === 1;
}
