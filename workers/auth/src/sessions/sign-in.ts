import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import type { CompanyRow } from "../db/companies.ts";
import { findSecondFactor } from "../db/second-factors.ts";
import { challenge, type FirstFactor } from "../second-factor/challenge.ts";
import { startSession } from "./start-session.ts";

/**
 * Signs a member in to a company by its first factor, which the caller has checked along with everything
 * else; `mfa_required` with a challenge for a member that has a second one. Every way in ends here.
 */
export async function signIn(
  call: Call,
  memberId: string,
  company: CompanyRow,
  role: string,
  method: FirstFactor,
): Answer<SessionView> {
  const factor = await findSecondFactor(call.db, memberId);
  const hasFactor = factor !== undefined && factor.confirmedAtMs !== null;
  if (hasFactor) return challenge(call, memberId, company.id, method);
  return ok(await startSession(call, memberId, company, role, method));
}
