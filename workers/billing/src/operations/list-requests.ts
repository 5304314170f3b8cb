import type { Actor } from "@aggregator/contracts/actor";
import type { RequestView } from "@aggregator/contracts/billing";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** The company's requests, newest first, in pages of `limit`. Needs `requests:read`. */
export async function listRequests(env: Env, actor: Actor, query: unknown): Answer<Page<RequestView>> {
  const allowed = requirePermission(actor, "requests:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  return ok(await accountOf(env, actor).requests(parsed.value.limit, parsed.value.cursor));
}
