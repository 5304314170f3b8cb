import type { Actor } from "@aggregator/contracts/actor";
import type { InvitationView } from "@aggregator/contracts/members";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { selectInvitations } from "../db/invitations.ts";
import { invitationView } from "../domain/invitation-view.ts";
import { pageOf, positionOf } from "../domain/page.ts";

/** The company's invitations without their links, newest first. Needs `members:read`. `invalid_request` for a bad limit or cursor. */
export async function listInvitations(call: Call, actor: Actor, query: unknown): Answer<Page<InvitationView>> {
  const allowed = requirePermission(actor, "members:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const before = positionOf(parsed.value.cursor);
  if (!before.ok) return before;
  const rows = await selectInvitations(call.db, actor.companyId, before.value, parsed.value.limit + 1);
  return ok(pageOf(rows, parsed.value.limit, (row) => invitationView(row, call.nowMs)));
}
