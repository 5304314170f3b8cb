import type { Actor } from "@aggregator/contracts/actor";
import type { RecoveryCodesView } from "@aggregator/contracts/identity";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { forgetCodes, limitCodes } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { findAddress } from "../db/addresses.ts";
import {
  confirmSecondFactor as confirmRow,
  findSecondFactor,
  insertRecoveryCodesIfChanged,
} from "../db/second-factors.ts";
import { requirePerson } from "../domain/own-account.ts";
import { isTotpCode, stepOf } from "../domain/totp.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { tellSecurity } from "../notices/tell-security.ts";
import { makeRecoveryCodes } from "../second-factor/new-codes.ts";
import { openSecret } from "../second-factor/seal-secret.ts";
import { WRONG_CODE } from "../second-factor/use-code.ts";

const ConfirmSecondFactor = z.strictObject({ code: z.string().max(64) });

/**
 * Puts the second factor that was offered in force, by its first code, and answers the recovery codes,
 * here and never again. `invalid_credentials`, `conflict` without one that waits, `rate_limit_exceeded`,
 * `permission_denied` for an API key.
 */
export async function confirmSecondFactor(call: Call, actor: Actor, input: unknown): Answer<RecoveryCodesView> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(ConfirmSecondFactor, input);
  if (!parsed.ok) return parsed;
  const { memberId } = person.value;
  const allowed = await limitCodes(call, memberId);
  if (!allowed.ok) return allowed;
  const offered = await findSecondFactor(call.db, memberId);
  if (offered === undefined || offered.confirmedAtMs !== null) return NOTHING_OFFERED;
  const code = parsed.value.code.trim();
  const step = isTotpCode(code) ? stepOf(await openSecret(call, offered), code, call.nowMs) : null;
  if (step === null) return WRONG_CODE;

  const { codes, hashes } = await makeRecoveryCodes(memberId);
  const [confirmed] = await call.db.batch([
    confirmRow(call.db, offered, step, call.nowMs),
    insertRecoveryCodesIfChanged(call.db, memberId, hashes),
    ...(await auditInCompanies(call, memberId, { action: "second_factor.enabled" })),
  ]);
  if (confirmed.length === 0) return NOTHING_OFFERED;
  await forgetCodes(call, memberId);
  const address = await findAddress(call.db, memberId);
  if (address !== undefined) tellSecurity(call, address.email, "a second factor was enabled");
  return ok({ recovery_codes: codes });
}

const NOTHING_OFFERED = err("conflict", "No second factor waits for its first code. Enrol one.");
