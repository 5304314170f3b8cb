import { createLogger, defectFields } from "@aggregator/runtime/log";
import { takeAccountsToPoke, unlistAccounts } from "../db/accounts.ts";
import { openDatabase } from "../db/client.ts";
import { billingConfig, type Env } from "../env.ts";

const PER_RUN = 50;
/** An account that was quiet for so long and has told everything is left alone until it is active again. */
const LOOKED_AFTER_MS = 7 * 86_400_000;

/**
 * Looks at some accounts, those not looked at for longest first: an alarm that was lost is set again and an
 * outbox that lags is flushed. An account that does not answer stays listed and does not stop the others.
 */
export async function pokeAccounts(env: Env, nowMs: number): Promise<void> {
  const db = openDatabase(env.DB);
  const companyIds = await takeAccountsToPoke(db, nowMs, PER_RUN);
  const quiet = await Promise.all(companyIds.map((companyId) => poke(env, companyId)));
  const settled = companyIds.filter((_, index) => quiet[index] === true);
  if (settled.length > 0) await unlistAccounts(db, settled, nowMs - LOOKED_AFTER_MS);
}

/** Whether the account has told everything. */
async function poke(env: Env, companyId: string): Promise<boolean> {
  const log = createLogger({ worker: "billing", level: billingConfig(env).logLevel });
  try {
    const { lagMs, wasLate } = await env.COMPANY_ACCOUNT.getByName(companyId).poke();
    if (wasLate) log.warn("account.outbox_late", { company_id: companyId, duration_ms: lagMs });
    return lagMs === 0;
  } catch (error) {
    log.error("account.poke_failed", { company_id: companyId, ...defectFields(error) });
    return false;
  }
}
