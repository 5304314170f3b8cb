import type { Actor } from "@aggregator/contracts/actor";
import { err, ok, type Result } from "@aggregator/contracts/result";

/** An actor that is a person in a session. */
export interface Person {
  readonly companyId: string;
  readonly memberId: string;
}

/** The person who acts; `permission_denied` for an API key, also one that a member made: a key is not its maker. */
export function requirePerson(actor: Actor): Result<Person> {
  const { kind, companyId, memberId } = actor;
  if (kind === "member" && memberId !== null) return ok({ companyId, memberId });
  return err("permission_denied", "This is for people who are signed in; an API key has no account.");
}
