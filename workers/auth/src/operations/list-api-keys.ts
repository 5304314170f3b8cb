import type { Actor } from "@aggregator/contracts/actor";
import type { ApiKeyView } from "@aggregator/contracts/auth";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectApiKeys } from "../db/api-keys.ts";
import { apiKeyView } from "../domain/api-key-view.ts";
import { ApiKeyFilter } from "../domain/key-input.ts";
import { pageOf, positionOf } from "../domain/page.ts";

const ListApiKeys = PageQuery.extend(ApiKeyFilter.shape);

/** The company's keys without secrets, newest first; `q`, `is_active` and `member_id` narrow. Needs `api_keys:read`. `invalid_request` for a bad limit or cursor. */
export async function listApiKeys(call: Call, actor: Actor, query: unknown): Answer<Page<ApiKeyView>> {
  const allowed = requirePermission(actor, "api_keys:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(ListApiKeys, query);
  if (!parsed.ok) return parsed;
  const before = positionOf(parsed.value.cursor);
  if (!before.ok) return before;
  const { limit, cursor: _, ...filter } = parsed.value;
  const rows = await selectApiKeys(call.db, actor.companyId, filter, before.value, limit + 1);
  return ok(pageOf(rows, limit, apiKeyView));
}
