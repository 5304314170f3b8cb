import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { findInvitation, revokeInvitationRow } from "../db/invitations.ts";
import { NO_SUCH_INVITATION } from "../domain/invitation-view.ts";

/** Ends an invitation; its link is good no more. A repeat answers alike. Needs `invitations:manage`. `not_found`, `conflict` once accepted. */
export async function revokeInvitation(call: Call, actor: Actor, id: string): Answer<void> {
  const allowed = requirePermission(actor, "invitations:manage");
  if (!allowed.ok) return allowed;
  await call.db.batch([
    revokeInvitationRow(call.db, actor.companyId, id, call.nowMs),
    auditIfChanged(call, { actor, action: "invitation.revoked", targetId: id, after: { status: "revoked" } }),
  ]);
  const invitation = await findInvitation(call.db, actor.companyId, id);
  if (invitation === undefined) return NO_SUCH_INVITATION;
  if (invitation.status === "revoked") return ok();
  return err("conflict", "The invitation was accepted. Remove the member instead.");
}
