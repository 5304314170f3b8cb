import { type Answer, ok } from "@aggregator/contracts/result";
import type { ReferralAttribution } from "@aggregator/contracts/payments";
import type { Call } from "../call.ts";
import { findCompany } from "../db/companies.ts";

/** Who brought a company, by the code with which it registered; null for one that came by itself. For the gateway, which tells billing. */
export async function findReferral(call: Call, companyId: string): Answer<ReferralAttribution | null> {
  const referrerId = (await findCompany(call.db, companyId))?.referredByCompanyId ?? null;
  if (referrerId === null) return ok(null);
  return ok({ referee_company_id: companyId, referrer_company_id: referrerId });
}
