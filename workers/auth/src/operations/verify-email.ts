import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { verifyAddressIfChanged, verifyCompaniesOf } from "../db/addresses.ts";
import { findOneTimeToken, takeOneTimeToken } from "../db/one-time-tokens.ts";
import { isMailToken } from "../domain/mail-token.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";

const VerifyEmail = z.strictObject({ token: z.string().max(128) });

const BAD_LINK = err("invalid_request", "token: the link is not good, or no longer; ask for a new one", {
  param: "token",
});

/**
 * Proves a member's address, and its company's where that is the same, by the link that was mailed.
 * `invalid_request` for a link that is not, or no longer, good; `rate_limit_exceeded`.
 */
export async function verifyEmail(call: Call, input: unknown): Answer<void> {
  const parsed = parseInput(VerifyEmail, input);
  if (!parsed.ok) return parsed;
  const { token } = parsed.value;
  const allowed = await limitAttempts(call, null);
  if (!allowed.ok) return allowed;
  if (!isMailToken(token)) return BAD_LINK;
  const tokenHash = await sha256Hex(token);
  const found = await findOneTimeToken(call.db, "email_verification", tokenHash, call.nowMs);
  // The link proves the address that it went to, which may be the member's no more.
  if (found === undefined || found.data["email"] !== found.member.email) return BAD_LINK;

  const { id, email } = found.member;
  const [taken] = await call.db.batch([
    takeOneTimeToken(call.db, "email_verification", tokenHash, call.nowMs),
    verifyAddressIfChanged(call.db, id, call.nowMs),
    ...(await auditInCompanies(call, id, { action: "member.email_verified", after: { email } })),
    verifyCompaniesOf(call.db, id, call.nowMs),
  ]);
  return taken.length > 0 ? ok() : BAD_LINK;
}
