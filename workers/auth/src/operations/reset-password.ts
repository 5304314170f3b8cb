import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { verifyCompaniesOf } from "../db/addresses.ts";
import { deleteOneTimeTokensOf, findOneTimeToken, takeOneTimeToken } from "../db/one-time-tokens.ts";
import { endSessionsOf } from "../db/own-sessions.ts";
import { hasPassword, setPasswordIfChanged } from "../db/passwords.ts";
import { NewPassword } from "../domain/fields.ts";
import { isMailToken } from "../domain/mail-token.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { tellSecurity } from "../notices/tell-security.ts";
import { hashPassword } from "../passwords/passwords.ts";

const ResetPassword = z.strictObject({ token: z.string().max(128), new_password: NewPassword });

const BAD_LINK = err("invalid_request", "token: the link is not good, or no longer; ask for a new one", {
  param: "token",
});

/**
 * A new password by the link that was mailed, which is used up by it. All the member's sessions end, and
 * nobody is signed in: a second factor is still asked for. `invalid_request` for a link that is not, or
 * no longer, good; `rate_limit_exceeded` before any hashing.
 */
export async function resetPassword(call: Call, input: unknown): Answer<void> {
  const parsed = parseInput(ResetPassword, input);
  if (!parsed.ok) return parsed;
  const { token, new_password: password } = parsed.value;
  const tokenHash = isMailToken(token) ? await sha256Hex(token) : null;
  const found =
    tokenHash === null ? undefined : await findOneTimeToken(call.db, "password_reset", tokenHash, call.nowMs);
  const allowed = await limitAttempts(call, found?.member.email ?? null);
  if (!allowed.ok) return allowed;
  if (tokenHash === null || found === undefined || !found.member.isActive) return BAD_LINK;

  const { id, email } = found.member;
  const passwordHash = await hashPassword(password);
  const [taken] = await call.db.batch([
    takeOneTimeToken(call.db, "password_reset", tokenHash, call.nowMs),
    setPasswordIfChanged(call.db, id, passwordHash, call.nowMs),
    ...(await auditInCompanies(call, id, { action: "password.reset" })),
    verifyCompaniesOf(call.db, id, call.nowMs),
    endSessionsOf(call.db, id, null, "password", call.nowMs, hasPassword(id, passwordHash)),
    deleteOneTimeTokensOf(call.db, id, ["password_reset", "mfa_challenge"]),
  ]);
  if (taken.length === 0) return BAD_LINK;
  tellSecurity(call, email, "the password was reset by a link to this address");
  return ok();
}
