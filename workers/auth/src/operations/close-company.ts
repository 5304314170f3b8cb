import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { revokeKeysOfCompany } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { closeCompanyRow } from "../db/companies.ts";
import { revokeInvitationsOfCompany } from "../db/invitations.ts";
import { findMemberWithPassword } from "../db/passwords.ts";
import { endSessionsOfCompany } from "../db/sessions.ts";
import { requirePerson } from "../domain/own-account.ts";
import { forgetContacts } from "../members/forget-contacts.ts";
import { isPassword } from "../passwords/passwords.ts";

const CloseCompany = z.strictObject({ password: z.string().min(1).max(1_024) });
const REFUSED = err("invalid_credentials", "password: is not your password", { param: "password" });

/**
 * Closes the company: its sessions, keys and invitations end. For a person with `company:close` that
 * proves itself again. `permission_denied`, `rate_limit_exceeded` before any hashing, `invalid_credentials`.
 */
export async function closeCompany(call: Call, actor: Actor, input: unknown): Answer<void> {
  const allowed = requirePermission(actor, "company:close");
  if (!allowed.ok) return allowed;
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(CloseCompany, input);
  if (!parsed.ok) return parsed;
  const member = await findMemberWithPassword(call.db, person.value.memberId);
  if (member === undefined) return REFUSED;
  const limited = await limitAttempts(call, member.email);
  if (!limited.ok) return limited;
  if (!(await isPassword(parsed.value.password, member.passwordHash))) return REFUSED;

  const { companyId } = actor;
  await call.db.batch([
    closeCompanyRow(call.db, companyId, call.nowMs),
    auditIfChanged(call, {
      actor,
      action: "company.closed",
      targetId: companyId,
      before: { is_active: true },
      after: { is_active: false, are_sessions_ended: true, are_keys_revoked: true },
    }),
    endSessionsOfCompany(call.db, companyId, call.nowMs),
    revokeKeysOfCompany(call.db, companyId, call.nowMs),
    revokeInvitationsOfCompany(call.db, companyId, call.nowMs),
  ]);
  await forgetContacts(call, companyId, (contact) => contact);
  return ok();
}
