import { MAX_NANO_USD } from "@aggregator/contracts/account";
import type { Actor } from "@aggregator/contracts/actor";
import type { TransactionView } from "@aggregator/contracts/billing";
import { type Answer, err, withChange } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";

const GrantCredit = z.strictObject({
  amount_nano_usd: z.number().int().min(1).max(MAX_NANO_USD),
  reason: z.string().trim().min(1).max(500),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
const CompanyId = z.uuid();

export interface GrantCreditRequest {
  readonly companyId: string;
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/**
 * Credits a company, once per `Idempotency-Key`; with `expires_at` it is spent first, and what is left then lapses. Platform admins only; `not_found` for an id that is none.
 */
export async function grantCredit(
  env: Env,
  actor: Actor,
  request: GrantCreditRequest,
  nowMs = Date.now(),
): Answer<TransactionView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const companyId = CompanyId.safeParse(request.companyId);
  if (!companyId.success) return err("not_found", "No such company.");
  const parsed = parseInput(GrantCredit, request.input);
  if (!parsed.ok) return parsed;
  const { amount_nano_usd, reason, expires_at } = parsed.value;
  const expiresAtMs = expires_at === undefined ? null : Date.parse(expires_at);
  if (expiresAtMs !== null && expiresAtMs <= nowMs) {
    return err("invalid_request", "expires_at: must be in the future.", { param: "expires_at" });
  }
  const { idempotencyKey: key } = request;
  const once = { ...request, companyId: actor.companyId, route: `credits/${companyId.data}`, key };
  const granted = await runOnce(openDatabase(env.DB), once, (workId) =>
    env.COMPANY_ACCOUNT.getByName(companyId.data).grant({
      kind: "credit",
      amountNanoUsd: amount_nano_usd,
      reason,
      grantedBy: actor.memberId ?? actor.companyId,
      // The client's own key, which the account never forgets: a repeat after days credits nothing either.
      idempotencyKey: `grant/${key ?? workId}`,
      ...(expiresAtMs === null ? {} : { expiresAtMs }),
    }),
  );
  return withChange(granted, { targetId: companyId.data, before: null, after: { amount_nano_usd, reason } });
}
