import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { listCompaniesOf } from "../db/members.ts";
import { findOneTimeToken, takeOneTimeToken } from "../db/one-time-tokens.ts";
import { roleName } from "../domain/company-view.ts";
import { isMailToken } from "../domain/mail-token.ts";
import { useCode } from "../second-factor/use-code.ts";
import { chooseCompany } from "../sessions/choose-company.ts";
import { startSession } from "../sessions/start-session.ts";

const VerifySecondFactor = z.strictObject({ challenge_token: z.string().max(128), code: z.string().max(64) });
/** What `challenge` stored. */
const Challenge = z.object({ company_id: z.string(), method: z.enum(["password", "oidc"]) });

const BAD_CHALLENGE = err("invalid_token", "challenge_token: is not good, or no longer; log in again", {
  param: "challenge_token",
});

/**
 * The second step of a login. A wrong code leaves the challenge good; a right one uses it up.
 * `invalid_token` for the challenge, `invalid_credentials` for the code, `rate_limit_exceeded` by network
 * and by member, `company_suspended`, `permission_denied` for whoever left the company in between.
 */
export async function verifySecondFactor(call: Call, input: unknown): Answer<SessionView> {
  const parsed = parseInput(VerifySecondFactor, input);
  if (!parsed.ok) return parsed;
  const { challenge_token: token, code } = parsed.value;
  const allowed = await limitAttempts(call, null);
  if (!allowed.ok) return allowed;
  if (!isMailToken(token)) return BAD_CHALLENGE;
  const tokenHash = await sha256Hex(token);
  const found = await findOneTimeToken(call.db, "mfa_challenge", tokenHash, call.nowMs);
  if (found === undefined || !found.member.isActive) return BAD_CHALLENGE;
  const { id: memberId } = found.member;

  const used = await useCode(call, memberId, code);
  if (!used.ok) return used;
  const taken = await takeOneTimeToken(call.db, "mfa_challenge", tokenHash, call.nowMs);
  if (taken.length === 0) return BAD_CHALLENGE;
  const { company_id: companyId, method } = Challenge.parse(found.data);
  const joined = chooseCompany(await listCompaniesOf(call.db, memberId), companyId);
  if (!joined.ok) return joined;
  const { company, role, customName } = joined.value;
  return ok(await startSession(call, memberId, company, roleName(role, customName), `${method}_totp`));
}
