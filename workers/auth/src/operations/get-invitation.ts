import type { Actor } from "@aggregator/contracts/actor";
import type { InvitationView } from "@aggregator/contracts/members";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findInvitation } from "../db/invitations.ts";
import { invitationView, NO_SUCH_INVITATION } from "../domain/invitation-view.ts";

/** One invitation of the company, without its link. Needs `members:read`. `not_found`. */
export async function getInvitation(call: Call, actor: Actor, id: string): Answer<InvitationView> {
  const allowed = requirePermission(actor, "members:read");
  if (!allowed.ok) return allowed;
  const invitation = await findInvitation(call.db, actor.companyId, id);
  return invitation === undefined ? NO_SUCH_INVITATION : ok(invitationView(invitation, call.nowMs));
}
