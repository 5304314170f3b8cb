import type { Actor } from "@aggregator/contracts/actor";
import type { SecondFactorView } from "@aggregator/contracts/identity";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { countRecoveryCodes, findSecondFactor } from "../db/second-factors.ts";
import { requirePerson } from "../domain/own-account.ts";

/** Whether the asker has a second factor. `permission_denied` for an API key. */
export async function getSecondFactor(call: Call, actor: Actor): Answer<SecondFactorView> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const { memberId } = person.value;
  const [factor, left] = await Promise.all([
    findSecondFactor(call.db, memberId),
    countRecoveryCodes(call.db, memberId),
  ]);
  const sinceMs = factor?.confirmedAtMs ?? null;
  return ok({
    is_enabled: sinceMs !== null,
    enabled_at: sinceMs === null ? null : new Date(sinceMs).toISOString(),
    recovery_codes_left: left,
  });
}
