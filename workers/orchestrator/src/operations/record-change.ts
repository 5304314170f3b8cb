import type { Actor } from "@aggregator/contracts/actor";
import { correlation } from "@aggregator/runtime/log";
import type { Call } from "../call.ts";

/** A company's change of its routing, by whom; never what a secret was. This isolate routes by it at once, others within the second. */
export function recordChange(call: Call, actor: Actor, operation: string, provider: string | null = null): void {
  call.catalogue.companies.delete(actor.companyId);
  call.log.info("routing_changed", {
    ...correlation(call.context),
    company_id: actor.companyId,
    member_id: actor.memberId,
    key_id: actor.keyId,
    operation,
    provider,
  });
}
