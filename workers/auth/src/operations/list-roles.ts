import type { Actor } from "@aggregator/contracts/actor";
import type { RoleView } from "@aggregator/contracts/members";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectRoles } from "../db/roles.ts";
import { pageOf, positionOf } from "../domain/page.ts";
import { BUILT_IN_ROLE_VIEWS, roleView } from "../domain/role-view.ts";

/** The built-in roles, then the company's own, oldest first. Needs `roles:read`. `invalid_request` for a bad limit or cursor. */
export async function listRoles(call: Call, actor: Actor, query: unknown): Answer<Page<RoleView>> {
  const allowed = requirePermission(actor, "roles:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const after = positionOf(parsed.value.cursor);
  if (!after.ok) return after;
  const { limit } = parsed.value;
  const shown = BUILT_IN_ROLE_VIEWS.findIndex(({ id }) => id === after.value) + 1;
  const isAmongOwn = after.value !== null && shown === 0;
  const builtIn = isAmongOwn ? [] : BUILT_IN_ROLE_VIEWS.slice(shown);
  const own = await selectRoles(call.db, actor.companyId, isAmongOwn ? after.value : null, limit + 1);
  return ok(pageOf([...builtIn, ...own.map(roleView)], limit, (view) => view));
}
