import type { InvitationView } from "@aggregator/contracts/members";
import { err } from "@aggregator/contracts/result";
import type { FoundInvitation } from "../db/invitations.ts";
import { roleName } from "./company-view.ts";

export const NO_SUCH_INVITATION = err("not_found", "There is no such invitation.");

/** An invitation without its secret. */
export function invitationView(invitation: FoundInvitation, nowMs: number): InvitationView {
  const hasExpired = invitation.status === "pending" && invitation.expiresAtMs <= nowMs;
  return {
    id: invitation.id,
    email: invitation.email,
    role: roleName(invitation.role, invitation.customName),
    role_id: invitation.customRoleId,
    status: hasExpired ? "expired" : invitation.status,
    created_at: new Date(invitation.createdAtMs).toISOString(),
    expires_at: new Date(invitation.expiresAtMs).toISOString(),
  };
}
