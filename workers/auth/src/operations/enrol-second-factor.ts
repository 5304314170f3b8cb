import type { Actor } from "@aggregator/contracts/actor";
import type { OfferedSecondFactorView } from "@aggregator/contracts/identity";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { findMemberWithPassword } from "../db/passwords.ts";
import { offerSecondFactor } from "../db/second-factors.ts";
import { requirePerson } from "../domain/own-account.ts";
import { newTotpSecret, totpUri } from "../domain/totp.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { isPassword } from "../passwords/passwords.ts";
import { sealSecret } from "../second-factor/seal-secret.ts";

const EnrolSecondFactor = z.strictObject({ password: z.string().min(1).max(1_024).optional() });

const REFUSED = err("invalid_credentials", "password: is not your password", { param: "password" });

/**
 * A secret for the asker's authenticator, in force once a code has confirmed it. Needs the password of
 * whoever has one, so that a stolen session cannot lock its owner out. `invalid_credentials`, `conflict`
 * where one is in force, `rate_limit_exceeded` before any hashing, `permission_denied` for an API key.
 */
export async function enrolSecondFactor(call: Call, actor: Actor, input: unknown): Answer<OfferedSecondFactorView> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(EnrolSecondFactor, input);
  if (!parsed.ok) return parsed;
  const member = await findMemberWithPassword(call.db, person.value.memberId);
  if (member === undefined) return REFUSED;
  const allowed = await limitAttempts(call, member.email);
  if (!allowed.ok) return allowed;
  const { id: memberId, passwordHash, email } = member;
  const isRight = passwordHash === null || (await isPassword(parsed.value.password ?? "", passwordHash));
  if (!isRight) return REFUSED;

  const secret = newTotpSecret();
  const sealedSecret = await sealSecret(call, memberId, secret);
  const audit = await auditInCompanies(call, memberId, { action: "second_factor.offered" });
  const [offered] = await call.db.batch([
    offerSecondFactor(call.db, { memberId, sealedSecret, createdAtMs: call.nowMs }),
    ...audit,
  ]);
  if (offered.length === 0) return err("conflict", "You have a second factor. Disable it before you enrol another.");
  return ok({ secret, otpauth_url: totpUri(secret, email) });
}
