import type { Actor } from "@aggregator/contracts/actor";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import type { PlanView } from "@aggregator/contracts/plans";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission, requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import { findPlan, listPlans as readPlans } from "../db/plans.ts";
import { textPosition } from "../db/text-position.ts";
import type { Env } from "../env.ts";
import { planView } from "./plan.ts";

/** The plans on offer, by id. Needs `billing:read`. */
export async function listPlans(env: Env, actor: Actor, query: unknown): Answer<Page<PlanView>> {
  const allowed = requirePermission(actor, "billing:read");
  return allowed.ok ? readPage(env, query, false) : allowed;
}

/** All plans, archived ones too. Platform admins only. */
export async function listAllPlans(env: Env, actor: Actor, query: unknown): Answer<Page<PlanView>> {
  const allowed = requirePlatformAdmin(actor);
  return allowed.ok ? readPage(env, query, true) : allowed;
}

/** One plan. Platform admins only. */
export async function getPlan(env: Env, actor: Actor, id: string): Answer<PlanView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const plan = await findPlan(openDatabase(env.DB), id);
  return plan === undefined ? err("not_found", "No such plan.") : ok(planView(plan));
}

async function readPage(env: Env, query: unknown, withArchived: boolean): Answer<Page<PlanView>> {
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const after = textPosition(cursor) ?? "";
  const rows = await readPlans(openDatabase(env.DB), { after, limit: limit + 1, withArchived });
  const last = rows[limit - 1];
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(last.id) : null;
  return ok({ data: rows.slice(0, limit).map(planView), nextCursor });
}
