import { MAX_NANO_USD } from "@aggregator/contracts/account";
import type { Actor } from "@aggregator/contracts/actor";
import type { FxRateView } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import { putFxRate } from "../db/payments.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { exponentOf } from "./currency.ts";

const FxInput = z.strictObject({
  /** `units` of the currency are worth this much. */
  nano_usd: z.number().int().min(1).max(MAX_NANO_USD),
  units: z.number().int().min(1).max(1_000_000_000_000),
});

/** Accepts a foreign currency at an exact ratio, for orders made from now on. Platform admins only. */
export async function setFxRate(
  env: Env,
  actor: Actor,
  currency: string,
  input: unknown,
  keyed: Keyed,
): Answer<FxRateView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if (exponentOf(currency) === null || currency === "usd") {
    return err("invalid_request", "currency: not a currency that can be set.", { param: "currency" });
  }
  const parsed = parseInput(FxInput, input);
  if (!parsed.ok) return parsed;
  const { nano_usd: nanoUsd, units } = parsed.value;
  const db = openDatabase(env.DB);
  return runOnce<FxRateView>(db, keyedBy(actor, `setFxRate/${currency}`, input, keyed), async () => {
    await putFxRate(db, { currency, nanoUsd, units, updatedAtMs: Date.now() });
    return ok({ currency, nano_usd: nanoUsd, units });
  });
}
