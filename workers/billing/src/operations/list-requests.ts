import type { Actor } from "@aggregator/contracts/actor";
import type { RequestView } from "@aggregator/contracts/billing";
import type { Page } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { parseRequestQuery } from "../domain/request-query.ts";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/**
 * Searches the company's requests, newest first, in pages of `limit`; a page of a search may be short, or
 * empty, and still have a next one. Needs `requests:read`. Errors: `permission_denied`, `invalid_request`.
 */
export async function listRequests(env: Env, actor: Actor, query: unknown): Answer<Page<RequestView>> {
  const allowed = requirePermission(actor, "requests:read");
  if (!allowed.ok) return allowed;
  const parsed = parseRequestQuery(query);
  if (!parsed.ok) return parsed;
  return ok(await accountOf(env, actor).requests(parsed.value));
}
