import type { Actor } from "@aggregator/contracts/actor";
import type { ApiKeyView } from "@aggregator/contracts/auth";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectApiKeys } from "../db/api-keys.ts";
import { apiKeyView } from "../domain/api-key-view.ts";
import { pageOf, positionOf } from "../domain/page.ts";

/** The company's keys without secrets, newest first. Needs `api_keys:read`. `invalid_request` for a bad limit or cursor. */
export async function listApiKeys(call: Call, actor: Actor, query: unknown): Answer<Page<ApiKeyView>> {
  const allowed = requirePermission(actor, "api_keys:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const before = positionOf(parsed.value.cursor);
  if (!before.ok) return before;
  const rows = await selectApiKeys(call.db, actor.companyId, before.value, parsed.value.limit + 1);
  return ok(pageOf(rows, parsed.value.limit, apiKeyView));
}
