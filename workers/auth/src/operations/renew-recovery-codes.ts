import type { Actor } from "@aggregator/contracts/actor";
import type { RecoveryCodesView } from "@aggregator/contracts/identity";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import type { Call } from "../call.ts";
import { deleteRecoveryCodes, insertRecoveryCodesIfChanged, touchSecondFactor } from "../db/second-factors.ts";
import { requirePerson } from "../domain/own-account.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { makeRecoveryCodes } from "../second-factor/new-codes.ts";
import { useCode, WRONG_CODE } from "../second-factor/use-code.ts";

const RenewRecoveryCodes = z.strictObject({ code: z.string().max(64) });

/**
 * New recovery codes for the asker, here and never again, by a code of its second factor; those before end.
 * `invalid_credentials`, `rate_limit_exceeded`, `permission_denied` for an API key.
 */
export async function renewRecoveryCodes(call: Call, actor: Actor, input: unknown): Answer<RecoveryCodesView> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(RenewRecoveryCodes, input);
  if (!parsed.ok) return parsed;
  const { memberId } = person.value;
  const used = await useCode(call, memberId, parsed.value.code);
  if (!used.ok) return used;

  const { codes, hashes } = await makeRecoveryCodes(memberId);
  const [, kept] = await call.db.batch([
    deleteRecoveryCodes(call.db, memberId),
    // Disabled at the same moment: then there is nothing to recover.
    touchSecondFactor(call.db, memberId),
    insertRecoveryCodesIfChanged(call.db, memberId, hashes),
    ...(await auditInCompanies(call, memberId, { action: "second_factor.recovery_codes_renewed" })),
  ]);
  return kept.length > 0 ? ok({ recovery_codes: codes }) : WRONG_CODE;
}
