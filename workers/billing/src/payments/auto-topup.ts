import { MAX_NANO_USD } from "@aggregator/contracts/account";
import type { Actor } from "@aggregator/contracts/actor";
import type { AutoTopupView } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { formatPrice } from "@aggregator/money/usd-decimal";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { type AutoTopupRow, findAutoTopup, putAutoTopup } from "../db/auto-topups.ts";
import { openDatabase } from "../db/client.ts";
import { findCustomer } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { withStripe } from "./call-stripe.ts";
import { centsOf } from "./currency.ts";
import { ownsPaymentMethod } from "./payment-methods.ts";

const NanoUsd = z.number().int().min(0).max(MAX_NANO_USD);
const AutoTopupInput = z.strictObject({
  enabled: z.boolean(),
  /** Refill when less than this is available. */
  threshold_nano_usd: NanoUsd,
  /** By this much: whole cents. */
  amount_nano_usd: NanoUsd,
  /** Never more than this in one calendar month (UTC). */
  monthly_cap_nano_usd: NanoUsd,
  payment_method: z.string().min(1).max(100),
});

export interface SetAutoTopupRequest {
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/** The standing order to refill the balance. Needs `billing:read`. */
export async function getAutoTopup(env: Env, actor: Actor): Answer<AutoTopupView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  return withStripe(env, async () => ok(viewOf(await findAutoTopup(openDatabase(env.DB), actor.companyId))));
}

/** Sets the standing order, on a card of the company. Needs `billing:manage`. A payment in flight is not touched. */
export async function setAutoTopup(env: Env, actor: Actor, request: SetAutoTopupRequest): Answer<AutoTopupView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  return withStripe(env, async (stripe) => {
    const parsed = parseInput(AutoTopupInput, request.input);
    if (!parsed.ok) return parsed;
    const terms = parsed.value;
    const refused = refuseAmounts(env, terms);
    if (refused !== null) return refused;
    const db = openDatabase(env.DB);
    const once = { ...request, companyId: actor.companyId, route: "setAutoTopup", key: request.idempotencyKey };
    return runOnce(db, once, async () =>
      withStripe(env, async () => {
        const customerId = await findCustomer(db, actor.companyId);
        if (customerId === null || !(await ownsPaymentMethod(stripe, customerId, terms.payment_method))) {
          return err("invalid_request", "payment_method: this company has no such card.", { param: "payment_method" });
        }
        await putAutoTopup(db, {
          companyId: actor.companyId,
          enabled: terms.enabled,
          thresholdNanoUsd: terms.threshold_nano_usd,
          amountNanoUsd: terms.amount_nano_usd,
          monthlyCapNanoUsd: terms.monthly_cap_nano_usd,
          paymentMethodId: terms.payment_method,
          updatedAtMs: Date.now(),
        });
        return ok(viewOf(await findAutoTopup(db, actor.companyId)));
      }),
    );
  });
}

function refuseAmounts(env: Env, terms: z.infer<typeof AutoTopupInput>) {
  const { minTopupNanoUsd: least, maxTopupNanoUsd: most } = paymentConfig(env);
  const amount = terms.amount_nano_usd;
  if (centsOf(amount) === null || amount < least || amount > most) {
    const message = `amount_nano_usd: whole cents, from ${formatPrice(least)} to ${formatPrice(most)} USD.`;
    return err("invalid_request", message, { param: "amount_nano_usd" });
  }
  if (terms.monthly_cap_nano_usd < amount) {
    const message = "monthly_cap_nano_usd: must be at least amount_nano_usd, or nothing is ever refilled.";
    return err("invalid_request", message, { param: "monthly_cap_nano_usd" });
  }
  return null;
}

function viewOf(row: AutoTopupRow | undefined): AutoTopupView {
  return {
    enabled: row?.enabled ?? false,
    threshold_nano_usd: row?.thresholdNanoUsd ?? 0,
    amount_nano_usd: row?.amountNanoUsd ?? 0,
    monthly_cap_nano_usd: row?.monthlyCapNanoUsd ?? 0,
    payment_method: row?.paymentMethodId ?? null,
    in_flight: (row?.inFlightPaymentId ?? null) !== null,
    failures: row?.failures ?? 0,
  };
}
