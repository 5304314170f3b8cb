import type { ReferralAttribution } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { type Database, openDatabase } from "../db/client.ts";
import { findReferral, insertReferral } from "../db/referrals.ts";
import type { Env } from "../env.ts";

const Attribution = z.strictObject({ referee_company_id: z.uuid(), referrer_company_id: z.uuid() });
/** A chain longer than this is taken for a cycle. */
const MAX_CHAIN = 64;

/**
 * Records who brought a company, once: whatever is told later, the first stays. Told by the gateway from
 * what auth found at registration, never by a client. Oneself is `invalid_request`; a referrer that
 * the referee itself has brought, directly or not, is recorded as void and earns nothing.
 */
export async function attributeReferral(env: Env, input: ReferralAttribution): Answer<void> {
  const parsed = parseInput(Attribution, input);
  if (!parsed.ok) return parsed;
  const { referee_company_id: refereeCompanyId, referrer_company_id: referrerCompanyId } = parsed.value;
  if (refereeCompanyId === referrerCompanyId) {
    return err("invalid_request", "referrer_company_id: a company cannot refer itself.", {
      param: "referrer_company_id",
    });
  }
  const db = openDatabase(env.DB);
  const isCycle = await leadsTo(db, referrerCompanyId, refereeCompanyId);
  const state = isCycle
    ? { status: "void" as const, voidReason: "cycle" }
    : { status: "pending" as const, voidReason: null };
  await insertReferral(db, { refereeCompanyId, referrerCompanyId, ...state }, Date.now());
  return ok();
}

/** True when following who brought whom from `start` arrives at `target`. */
export async function leadsTo(db: Database, start: string, target: string): Promise<boolean> {
  let at = start;
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    const referral = await findReferral(db, at);
    if (referral === undefined) return false;
    if (referral.referrerCompanyId === target) return true;
    at = referral.referrerCompanyId;
  }
  return true;
}
