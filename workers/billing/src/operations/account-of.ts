import type { Actor } from "@aggregator/contracts/actor";
import type { CompanyAccount } from "../account/company-account.ts";
import type { Env } from "../env.ts";

/** The account of the actor's own company: the only way from an actor to money. */
export function accountOf(env: Env, actor: Actor): DurableObjectStub<CompanyAccount> {
  return env.COMPANY_ACCOUNT.getByName(actor.companyId);
}
