import type { Actor } from "@aggregator/contracts/actor";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import type { MarkupOverrideView } from "@aggregator/contracts/pricing";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { openDatabase } from "../db/client.ts";
import {
  dropMarkupOverride,
  listMarkupOverrides as readPage,
  type MarkupOverrideRow,
  type MarkupScope,
  saveMarkupOverride,
} from "../db/markup-overrides.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { tellMarkups, tellUntoldMarkups } from "./tell-markups.ts";

const Scope = { company_id: z.uuid().nullish(), model: z.string().trim().min(1).max(200).nullish() };
const SomeScope = "name a company_id, a model, or both";
const hasScope = (scope: z.infer<z.ZodObject<typeof Scope>>) => (scope.company_id ?? scope.model ?? null) !== null;
const OverrideInput = z
  .strictObject({ ...Scope, markup_bps: z.int().min(0).max(100_000) })
  .refine(hasScope, { message: SomeScope, path: ["company_id"] });
const OverrideScope = z.object(Scope).refine(hasScope, { message: SomeScope, path: ["company_id"] });
const Position = z.tuple([z.string(), z.string()]);

/** Markups that are not the plan's, by company and model. Platform admins only. */
export async function listMarkupOverrides(env: Env, actor: Actor, query: unknown): Answer<Page<MarkupOverrideView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const position = Position.safeParse(cursor === undefined ? undefined : decodeCursor(cursor));
  const after = position.success ? { companyId: position.data[0], model: position.data[1] } : null;
  const rows = await readPage(openDatabase(env.DB), after, limit + 1);
  const last = rows[limit - 1];
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor([last.companyId, last.model]) : null;
  return ok({ data: rows.slice(0, limit).map(viewOf), nextCursor });
}

/**
 * Sets the markup of a company, a model, or a company's model. In force for what is reserved from now on: a first
 * batch of accounts is told at once and cron tells the rest. Platform admins only.
 */
export async function setMarkupOverride(
  env: Env,
  actor: Actor,
  input: unknown,
  keyed: Keyed,
): Answer<MarkupOverrideView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(OverrideInput, input);
  if (!parsed.ok) return parsed;
  const scope = scopeOf(parsed.value);
  const db = openDatabase(env.DB);
  return runOnce<MarkupOverrideView>(db, keyedBy(actor, "setMarkupOverride", input, keyed), async () => {
    const saved = await saveMarkupOverride(db, scope, parsed.value.markup_bps, Date.now());
    await tell(env, scope);
    return ok(viewOf(saved));
  });
}

/** Takes such a markup away: the next less specific one is in force again. Platform admins only. */
export async function deleteMarkupOverride(env: Env, actor: Actor, query: unknown, keyed: Keyed): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(OverrideScope, query);
  if (!parsed.ok) return parsed;
  const scope = scopeOf(parsed.value);
  const db = openDatabase(env.DB);
  return runOnce<void>(db, keyedBy(actor, "deleteMarkupOverride", scope, keyed), async () => {
    if (!(await dropMarkupOverride(db, scope, Date.now()))) return err("not_found", "There is no such override.");
    await tell(env, scope);
    return ok();
  });
}

async function tell(env: Env, { companyId }: MarkupScope): Promise<void> {
  await (companyId === "" ? tellUntoldMarkups(env) : tellMarkups(env, companyId));
}

function scopeOf(scope: z.infer<z.ZodObject<typeof Scope>>): MarkupScope {
  return { companyId: scope.company_id ?? "", model: scope.model ?? "" };
}

function viewOf(row: MarkupOverrideRow): MarkupOverrideView {
  return {
    company_id: row.companyId === "" ? null : row.companyId,
    model: row.model === "" ? null : row.model,
    markup_bps: row.markupBps ?? 0,
    updated_at: new Date(row.updatedAtMs).toISOString(),
  };
}
