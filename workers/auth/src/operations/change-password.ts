import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { deleteOneTimeTokensOf } from "../db/one-time-tokens.ts";
import { endSessionsOf } from "../db/own-sessions.ts";
import { findMemberWithPassword, hasPassword, replacePassword } from "../db/passwords.ts";
import { NewPassword } from "../domain/fields.ts";
import { requirePerson } from "../domain/own-account.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { tellSecurity } from "../notices/tell-security.ts";
import { hashPassword, isPassword } from "../passwords/passwords.ts";
import { currentSessionOf } from "../sessions/current-session.ts";

const ChangePassword = z.strictObject({ current_password: z.string().min(1).max(1_024), new_password: NewPassword });

/** Also for somebody who has no password yet: a link by mail sets the first. */
const REFUSED = err("invalid_credentials", "current_password: is not your password", { param: "current_password" });

/**
 * Another password for the asker. All its other sessions end, and so do links and logins under way.
 * `invalid_credentials` for a wrong current one, `rate_limit_exceeded` before any hashing,
 * `permission_denied` for an API key.
 */
export async function changePassword(call: Call, actor: Actor, credential: string, input: unknown): Answer<void> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(ChangePassword, input);
  if (!parsed.ok) return parsed;
  const current = await currentSessionOf(call, person.value, credential);
  if (!current.ok) return current;
  const member = await findMemberWithPassword(call.db, person.value.memberId);
  if (member === undefined) return REFUSED;
  const allowed = await limitAttempts(call, member.email);
  if (!allowed.ok) return allowed;

  const { id, passwordHash } = member;
  const isRight = await isPassword(parsed.value.current_password, passwordHash);
  if (!isRight || passwordHash === null) return REFUSED;
  const next = await hashPassword(parsed.value.new_password);
  const audit = await auditInCompanies(call, id, { action: "password.changed" });
  const [changed] = await call.db.batch([
    replacePassword(call.db, { id, passwordHash }, next, call.nowMs),
    ...audit,
    endSessionsOf(call.db, id, current.value, "password", call.nowMs, hasPassword(id, next)),
    deleteOneTimeTokensOf(call.db, id, ["password_reset", "mfa_challenge"]),
  ]);
  // Somebody else changed it in between: the current one that was sent is current no more.
  if (changed.length === 0) return REFUSED;
  tellSecurity(call, member.email, "the password was changed");
  return ok();
}
