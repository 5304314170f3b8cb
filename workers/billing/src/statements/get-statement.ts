import type { Actor } from "@aggregator/contracts/actor";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import type { StatementView } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import { findStatement, insertStatement } from "../db/statements.ts";
import { textPosition } from "../db/text-position.ts";
import type { Env } from "../env.ts";
import { makeStatement } from "./make-statement.ts";
import { monthsBetween, type MonthSpan, spanOf } from "./month.ts";

const NO_SUCH_MONTH = err("not_found", "There is no statement of this month; months are written 2026-11.");

/** The statement of one month; the running month's as it stands now. Needs `billing:read`. */
export async function getStatement(env: Env, actor: Actor, month: string): Answer<StatementView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const span = spanOf(month);
  const nowMs = Date.now();
  if (span === null || span.startMs > nowMs) return NO_SUCH_MONTH;
  const statement = await readStatement(env, actor.companyId, span, nowMs);
  return statement === null ? NO_SUCH_MONTH : ok(statement);
}

/** The statements of the company, newest month first. Needs `billing:read`. */
export async function listStatements(env: Env, actor: Actor, query: unknown): Answer<Page<StatementView>> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const nowMs = Date.now();
  const { cursor } = parsed.value;
  const limit = Math.min(parsed.value.limit, 24);
  const { openedAtMs } = await env.COMPANY_ACCOUNT.getByName(actor.companyId).period(nowMs, nowMs);
  const before = textPosition(cursor);
  const months = monthsBetween(openedAtMs, nowMs, before, limit + 1);
  const data: StatementView[] = [];
  for (const month of months.slice(0, limit)) {
    const span = spanOf(month);
    const statement = span === null ? null : await readStatement(env, actor.companyId, span, nowMs);
    if (statement !== null) data.push(statement);
  }
  const last = months[limit - 1];
  return ok({ data, nextCursor: months.length > limit && last !== undefined ? encodeCursor(last) : null });
}

/**
 * A closed month is summed once and kept: its entries may be archived later, and a statement never changes. null:
 * the account was opened later.
 */
async function readStatement(
  env: Env,
  companyId: string,
  span: MonthSpan,
  nowMs: number,
): Promise<StatementView | null> {
  const db = openDatabase(env.DB);
  const kept = await findStatement(db, companyId, span.month);
  if (kept !== null) return kept;
  const made = await makeStatement(env, companyId, span, nowMs);
  if (made?.statement.is_closed === true) await insertStatement(db, made.statement, made.period, nowMs);
  return made?.statement ?? null;
}
