import type { Actor } from "@aggregator/contracts/actor";
import type { RestoredDayView } from "@aggregator/contracts/ledger-checks";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import { type Env, paymentConfig } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";

const CompanyId = z.uuid();
const RestoreInput = z.strictObject({ day: z.iso.date("write the day as 2026-08-01") });

/**
 * Puts an archived day of a company's ledger back for a week. Platform admins only; `not_found` where nothing of
 * the day is archived, `conflict` where its file is damaged.
 */
export async function restoreLedger(
  env: Env,
  actor: Actor,
  companyId: string,
  input: unknown,
  keyed: Keyed,
): Answer<RestoredDayView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if (!CompanyId.safeParse(companyId).success) return err("not_found", "No such company.");
  const parsed = parseInput(RestoreInput, input);
  if (!parsed.ok) return parsed;
  const { day } = parsed.value;
  const once = keyedBy(actor, `restore/${companyId}`, input, keyed);
  return runOnce<RestoredDayView>(openDatabase(env.DB), once, async () => {
    const restored = await env.COMPANY_ACCOUNT.getByName(companyId).restoreDay(day);
    if (!restored.ok) return restored;
    const { entries } = restored.value;
    paymentConfig(env).log.info("account.day_restored", { company_id: companyId, count: entries, reason: day });
    return ok({ company_id: companyId, day, entries });
  });
}
