import type { Actor } from "@aggregator/contracts/actor";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import type { ReferralView } from "@aggregator/contracts/payments";
import { type Answer, ok } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import { listReferrals as readReferrals } from "../db/referrals.ts";
import type { Env } from "../env.ts";
import { positionOf } from "../payments/list-payments.ts";

/** The companies that this one brought and what each has earned it, newest first. Needs `referrals:read`. */
export async function listReferrals(env: Env, actor: Actor, query: unknown): Answer<Page<ReferralView>> {
  const allowed = requirePermission(actor, "referrals:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const rows = await readReferrals(openDatabase(env.DB), actor.companyId, positionOf(cursor), limit + 1);
  const last = rows[limit - 1];
  const nextCursor =
    rows.length > limit && last !== undefined ? encodeCursor([last.attributedAtMs, last.refereeCompanyId]) : null;
  const data = rows.slice(0, limit).map((row) => ({
    company_id: row.refereeCompanyId,
    status: row.status,
    commission_bps: row.commissionBps,
    earned_nano_usd: row.earnedNanoUsd,
    ends_at: row.endsAtMs === null ? null : new Date(row.endsAtMs).toISOString(),
    created_at: new Date(row.attributedAtMs).toISOString(),
  }));
  return ok({ data, nextCursor });
}
