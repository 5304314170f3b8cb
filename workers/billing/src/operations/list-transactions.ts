import type { Actor } from "@aggregator/contracts/actor";
import type { TransactionView } from "@aggregator/contracts/billing";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** The company's ledger, newest first, in pages of `limit`. Needs `billing:read`. */
export async function listTransactions(env: Env, actor: Actor, query: unknown): Answer<Page<TransactionView>> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  return ok(await accountOf(env, actor).transactions(parsed.value.limit, parsed.value.cursor));
}
