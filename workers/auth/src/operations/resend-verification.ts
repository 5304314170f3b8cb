import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { mayMail } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { findAddress } from "../db/addresses.ts";
import { requirePerson } from "../domain/own-account.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { makeLink } from "../notices/mail-link.ts";

/**
 * Mails the asker a new link that proves its address, unless that is proved; one before it is good no
 * more. Answers alike when there is nothing to mail, or too much was. `permission_denied` for an API key.
 */
export async function resendVerification(call: Call, actor: Actor): Answer<void> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const address = await findAddress(call.db, person.value.memberId);
  if (address === undefined || address.verifiedAtMs !== null) return ok();
  if (!(await mayMail(call, "email_verification", address.email))) return ok();
  const link = await makeLink(call, "email_verification", address);
  const { memberId } = person.value;
  const audit = await auditInCompanies(call, memberId, { action: "member.verification_requested" });
  await call.db.batch([...link.statements, ...audit]);
  link.mail();
  return ok();
}
