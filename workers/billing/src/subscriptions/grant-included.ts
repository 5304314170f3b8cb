import { type Answer, ok } from "@aggregator/contracts/result";
import type { ChargeRow } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";

/** Grants what a paid period includes, gone at its end; once per charge. Fails when the balance would leave its range. */
export async function grantIncluded(env: Env, charge: ChargeRow): Answer<void> {
  if (charge.creditNanoUsd === 0) return ok();
  const granted = await env.COMPANY_ACCOUNT.getByName(charge.companyId).grant({
    kind: "credit",
    amountNanoUsd: charge.creditNanoUsd,
    reason: `Included in ${charge.planId}`,
    grantedBy: "subscription",
    idempotencyKey: `included/${charge.id}`,
    expiresAtMs: charge.periodEndMs,
  });
  return granted.ok ? ok() : granted;
}
