import type { Actor } from "@aggregator/contracts/actor";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import type { ProviderFindingView } from "@aggregator/contracts/provider-costs";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../../db/client.ts";
import { listProviderFindings as readPage, type ProviderFindingRow } from "../../db/provider-findings.ts";
import { textPosition } from "../../db/text-position.ts";
import { dayOf } from "../../domain/day-total.ts";
import type { Env } from "../../env.ts";
import { type Keyed, keyedBy, runOnce } from "../../idempotency/run-once.ts";
import { reportsOf } from "./provider-report.ts";
import { reconcileProviders } from "./reconcile-providers.ts";

const DAY_MS = 86_400_000;
/** As far back as all of the reports reach, and the ledgers do without their archive. */
const REPORTED_DAYS = 30;
const DayInput = z.strictObject({ day: z.iso.date("write the day as 2026-11-23") });
/** After every day. */
const NEWEST = "~";

/** Days on which a provider billed another amount than the ledgers say, newest first. Platform admins only. */
export async function listProviderFindings(env: Env, actor: Actor, query: unknown): Answer<Page<ProviderFindingView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const rows = await readPage(openDatabase(env.DB), textPosition(cursor) ?? NEWEST, limit + 1);
  const last = rows[limit - 1];
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.id) : null;
  return ok({ data: rows.slice(0, limit).map(viewOf), nextCursor });
}

/**
 * Compares one day that is over with the providers' reports now. Platform admins only. `not_found` where no report is
 * configured, `service_unavailable` where one did not answer: what the others said is kept.
 */
export async function compareProviders(
  env: Env,
  actor: Actor,
  input: unknown,
  keyed: Keyed,
  nowMs = Date.now(),
): Answer<Page<ProviderFindingView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(DayInput, input);
  if (!parsed.ok) return parsed;
  const { day } = parsed.value;
  if (day >= dayOf(nowMs) || day < dayOf(nowMs - REPORTED_DAYS * DAY_MS)) return NOT_REPORTED;
  if (reportsOf(env).length === 0) return NO_REPORTS;
  const once = keyedBy(actor, "reconcileProviders", input, keyed);
  return runOnce<Page<ProviderFindingView>>(openDatabase(env.DB), once, async () => {
    const { findings, unread } = await reconcileProviders(env, day, nowMs);
    if (unread.length > 0) return err("service_unavailable", `No report could be had of ${unread.join(", ")}.`);
    return ok({ data: findings.map(viewOf), nextCursor: null });
  });
}

function viewOf(row: ProviderFindingRow): ProviderFindingView {
  return {
    id: row.id,
    day: row.day,
    provider: row.provider,
    ledger_nano_usd: row.ledgerNanoUsd,
    provider_nano_usd: row.providerNanoUsd,
    difference_nano_usd: row.providerNanoUsd - row.ledgerNanoUsd,
    found_at: new Date(row.foundAtMs).toISOString(),
  };
}

const NOT_REPORTED = err("invalid_request", "day: name a day of the last thirty that is over.", { param: "day" });
const NO_REPORTS = err("not_found", "There is nothing at this path: no provider's report is configured.");
