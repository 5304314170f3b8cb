import type { Actor } from "@aggregator/contracts/actor";
import type { AuditView } from "@aggregator/contracts/ledger-checks";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { AUDIT_START } from "../account/audit-ledger.ts";
import { openDatabase } from "../db/client.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";

const CompanyId = z.uuid();
const UnfreezeInput = z.strictObject({ reason: z.string().trim().min(1).max(500) });
/** As many as a person reads. */
const MAX_FAULTS = 20;

/**
 * Replays every entry of a company's ledger, page by page, and compares what they add up to with the balance, the
 * holds, the receipts of requests and what analytics was told. Changes nothing, and requests go on meanwhile.
 * Platform admins only; `not_found` for an id that is none.
 */
export async function auditAccount(env: Env, actor: Actor, companyId: string): Answer<AuditView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if (!CompanyId.safeParse(companyId).success) return NO_SUCH_COMPANY;
  const account = env.COMPANY_ACCOUNT.getByName(companyId);
  const faults: string[] = [];
  const suspects: string[] = [];
  let page = await account.auditEntries(AUDIT_START);
  for (;;) {
    faults.push(...page.faults);
    suspects.push(...page.suspects);
    if (page.isLast || faults.length >= MAX_FAULTS) break;
    page = await account.auditEntries(page.position);
  }
  const end = await account.auditEnd(page.position, suspects.slice(0, MAX_FAULTS));
  const all = [...faults, ...end.faults].slice(0, MAX_FAULTS);
  return ok({
    company_id: companyId,
    entries: end.entries,
    balance_nano_usd: end.balanceNanoUsd,
    ties: all.length === 0,
    faults: all,
  });
}

/** Lets an account that the self-check froze go on, with a reason that is logged. Platform admins only. */
export async function unfreezeAccount(
  env: Env,
  actor: Actor,
  companyId: string,
  request: { readonly input: unknown; readonly idempotencyKey: string | null; readonly requestId: string },
): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  if (!CompanyId.safeParse(companyId).success) return NO_SUCH_COMPANY;
  const parsed = parseInput(UnfreezeInput, request.input);
  if (!parsed.ok) return parsed;
  const { reason } = parsed.value;
  const once = { ...request, companyId: actor.companyId, route: `unfreeze/${companyId}`, key: request.idempotencyKey };
  return runOnce<void>(openDatabase(env.DB), once, async () =>
    env.COMPANY_ACCOUNT.getByName(companyId).unfreeze(reason),
  );
}

const NO_SUCH_COMPANY = err("not_found", "No such company.");
