import { NOTICE_MESSAGE_VERSION } from "@aggregator/contracts/notices";
import type { StatementView } from "@aggregator/contracts/payments";
import { defectFields } from "@aggregator/runtime/log";
import { openDatabase } from "../db/client.ts";
import { insertStatement, listCompaniesWithout, skipStatement } from "../db/statements.ts";
import { type Env, paymentConfig } from "../env.ts";
import { makeStatement, SETTLING_MS } from "./make-statement.ts";
import { monthOf, spanOf } from "./month.ts";

const BATCH = 50;
/** Days into a month in which the one before is closed for everybody; who is missed gets the statement when it is asked for. */
const CLOSING_MS = 3 * 86_400_000;

/**
 * Closes the month before for the companies that were active in it, some at a time, and tells each that its
 * statement is there; by cron. One that fails does not stop the others. Idempotent: a notice repeats its id.
 */
export async function closeStatements(env: Env, nowMs: number): Promise<void> {
  const startedMs = spanOf(monthOf(nowMs))?.startMs ?? nowMs;
  const span = spanOf(monthOf(startedMs - 1));
  if (span === null || nowMs - startedMs < SETTLING_MS || nowMs - startedMs > CLOSING_MS) return;
  const db = openDatabase(env.DB);
  const { log } = paymentConfig(env);
  for (const companyId of await listCompaniesWithout(db, span.month, span.startMs, BATCH)) {
    try {
      const made = await makeStatement(env, companyId, span, nowMs);
      if (made === null) {
        await skipStatement(db, companyId, span.month, nowMs);
        continue;
      }
      if (made.statement.lines.length > 0) await announce(env, made.statement);
      await insertStatement(db, made.statement, made.period, nowMs);
    } catch (error) {
      log.error("statement.failed", { company_id: companyId, ...defectFields(error) });
    }
  }
}

async function announce(env: Env, statement: StatementView): Promise<void> {
  const id = `statement/${statement.company_id}/${statement.month}`;
  await env.NOTICES.send({
    version: NOTICE_MESSAGE_VERSION,
    type: "notice",
    id,
    kind: "statement_ready",
    company_id: statement.company_id,
    occurred_at_ms: Date.now(),
    data: { statement_id: statement.month, period: statement.month, total_nano_usd: statement.charges_nano_usd },
  });
}
