import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import type { Call } from "../call.ts";
import { findAddress } from "../db/addresses.ts";
import { deleteOneTimeTokensOf } from "../db/one-time-tokens.ts";
import { deleteRecoveryCodes, deleteSecondFactor } from "../db/second-factors.ts";
import { requirePerson } from "../domain/own-account.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { tellSecurity } from "../notices/tell-security.ts";
import { useCode } from "../second-factor/use-code.ts";

const DisableSecondFactor = z.strictObject({ code: z.string().max(64) });

/**
 * Takes the asker's second factor away, by a code of it or a recovery code; those end with it.
 * `invalid_credentials`, `rate_limit_exceeded`, `permission_denied` for an API key.
 */
export async function disableSecondFactor(call: Call, actor: Actor, input: unknown): Answer<void> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(DisableSecondFactor, input);
  if (!parsed.ok) return parsed;
  const { memberId } = person.value;
  const used = await useCode(call, memberId, parsed.value.code);
  if (!used.ok) return used;

  await call.db.batch([
    deleteSecondFactor(call.db, memberId),
    ...(await auditInCompanies(call, memberId, { action: "second_factor.disabled" })),
    deleteRecoveryCodes(call.db, memberId),
    deleteOneTimeTokensOf(call.db, memberId, ["mfa_challenge"]),
  ]);
  const address = await findAddress(call.db, memberId);
  if (address !== undefined) tellSecurity(call, address.email, "the second factor was disabled");
  return ok();
}
