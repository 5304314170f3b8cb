import type { Actor } from "@aggregator/contracts/actor";
import type { MemberView } from "@aggregator/contracts/members";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectMembers } from "../db/members.ts";
import { memberView } from "../domain/member-view.ts";
import { pageOf, positionOf } from "../domain/page.ts";

/** The company's members, by id. Needs `members:read`. `invalid_request` for a bad limit or cursor. */
export async function listMembers(call: Call, actor: Actor, query: unknown): Answer<Page<MemberView>> {
  const allowed = requirePermission(actor, "members:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const after = positionOf(parsed.value.cursor);
  if (!after.ok) return after;
  const rows = await selectMembers(call.db, actor.companyId, after.value, parsed.value.limit + 1);
  const byId = rows.map((row) => ({ ...row, id: row.memberId }));
  return ok(pageOf(byId, parsed.value.limit, memberView));
}
