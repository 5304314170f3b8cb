import type { Actor } from "@aggregator/contracts/actor";
import type { LedgerFindingView } from "@aggregator/contracts/ledger-checks";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import { type LedgerFindingRow, listLedgerFindings } from "../db/ledger.ts";
import { textPosition } from "../db/text-position.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { compareDay } from "./compare-day.ts";

const CompareInput = z.strictObject({
  company_id: z.uuid(),
  day: z.iso.date("write the day as 2026-11-23"),
});
/** After every day. */
const NEWEST = "~";

/** Days on which a ledger and its daily total differ, newest first. Platform admins only. */
export async function listFindings(env: Env, actor: Actor, query: unknown): Answer<Page<LedgerFindingView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const rows = await listLedgerFindings(openDatabase(env.DB), textPosition(cursor) ?? NEWEST, limit + 1);
  const last = rows[limit - 1];
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.id) : null;
  return ok({ data: rows.slice(0, limit).map(viewOf), nextCursor });
}

/** Compares a day of one company now. Platform admins only. */
export async function reconcileLedger(
  env: Env,
  actor: Actor,
  request: { readonly input: unknown; readonly idempotencyKey: string | null; readonly requestId: string },
): Answer<Page<LedgerFindingView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CompareInput, request.input);
  if (!parsed.ok) return parsed;
  const { company_id, day } = parsed.value;
  const once = { ...request, companyId: actor.companyId, route: "reconcileLedger", key: request.idempotencyKey };
  return runOnce<Page<LedgerFindingView>>(openDatabase(env.DB), once, async () => {
    const found = await compareDay(env, company_id, day, Date.now());
    return ok({ data: found === null ? [] : [viewOf(found)], nextCursor: null });
  });
}

function viewOf(row: LedgerFindingRow): LedgerFindingView {
  return {
    id: row.id,
    day: row.day,
    company_id: row.companyId,
    ledger_nano_usd: row.ledgerNanoUsd,
    total_nano_usd: row.totalNanoUsd,
    ledger_entries: row.ledgerEntries,
    total_entries: row.totalEntries,
    found_at: new Date(row.foundAtMs).toISOString(),
  };
}
