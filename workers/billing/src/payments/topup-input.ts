import { type Answer, err, ok } from "@aggregator/contracts/result";
import { formatPrice } from "@aggregator/money/usd-decimal";
import { z } from "zod";
import type { Database } from "../db/client.ts";
import { findFxRate } from "../db/payments.ts";
import type { PaymentConfig } from "../env.ts";
import { centsOf, creditOf, exponentOf, USD_RATE } from "./currency.ts";

export const TopupInput = z.strictObject({
  /** In USD, whole cents. */
  amount_nano_usd: z.number().int().min(1).optional(),
  /** Or in another currency, in its minor units. */
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, "use a lower-case ISO 4217 code such as usd")
    .optional(),
  amount_minor: z.number().int().min(1).max(100_000_000_000).optional(),
  /** A saved card; absent: at Stripe's page. */
  payment_method: z.string().min(1).max(100).optional(),
});

export interface PricedOrder {
  readonly currency: string;
  readonly amountMinor: number;
  readonly creditNanoUsd: number;
}

/** What an order asks for and what it gives. Refuses by name what is no whole amount, unknown, or out of the limits. */
export async function priceOrder(
  db: Database,
  config: PaymentConfig,
  input: z.infer<typeof TopupInput>,
): Answer<PricedOrder> {
  const priced = input.amount_nano_usd === undefined ? await foreign(db, input) : dollars(input.amount_nano_usd, input);
  if (!priced.ok) return priced;
  const { creditNanoUsd } = priced.value;
  const { minTopupNanoUsd: least, maxTopupNanoUsd: most } = config;
  if (creditNanoUsd >= least && creditNanoUsd <= most) return priced;
  const param = input.amount_nano_usd === undefined ? "amount_minor" : "amount_nano_usd";
  return err("invalid_request", `${param}: a top-up is from ${formatPrice(least)} to ${formatPrice(most)} USD.`, {
    param,
  });
}

function dollars(amountNanoUsd: number, input: z.infer<typeof TopupInput>) {
  if (input.amount_minor !== undefined || (input.currency ?? "usd") !== "usd") {
    return err("invalid_request", "amount_nano_usd: send it alone, or currency with amount_minor.", {
      param: "amount_nano_usd",
    });
  }
  const amountMinor = centsOf(amountNanoUsd);
  if (amountMinor === null) {
    return err("invalid_request", "amount_nano_usd: must be whole cents, a multiple of 10000000.", {
      param: "amount_nano_usd",
    });
  }
  return ok({ currency: "usd", amountMinor, creditNanoUsd: amountNanoUsd });
}

async function foreign(db: Database, input: z.infer<typeof TopupInput>): Answer<PricedOrder> {
  const { amount_minor: amountMinor, currency = "usd" } = input;
  if (amountMinor === undefined) {
    return err("invalid_request", "amount_nano_usd: say how much.", { param: "amount_nano_usd" });
  }
  const rate = currency === "usd" ? USD_RATE : await findFxRate(db, currency);
  if (exponentOf(currency) === null || rate === undefined) {
    return err("invalid_request", `currency: ${currency} is not accepted; use usd.`, { param: "currency" });
  }
  const creditNanoUsd = creditOf(amountMinor, currency, rate);
  if (creditNanoUsd === null) {
    return err("invalid_request", "amount_minor: out of range.", { param: "amount_minor" });
  }
  return ok({ currency, amountMinor, creditNanoUsd });
}
