import type { MemberView } from "@aggregator/contracts/members";
import { err } from "@aggregator/contracts/result";
import type { JoinedMember } from "../db/members.ts";
import { roleName } from "./company-view.ts";
import { permissionsOf } from "./roles.ts";

export const NO_SUCH_MEMBER = err("not_found", "There is no such member.");

/** A member as its company sees it. */
export function memberView(member: JoinedMember): MemberView {
  return {
    id: member.memberId,
    email: member.email,
    role: roleName(member.role, member.customName),
    role_id: member.customRoleId,
    permissions: permissionsOf(member.role, member.customPermissions),
    is_verified: member.emailVerifiedAtMs !== null,
    has_second_factor: member.secondFactorSinceMs !== null,
    revision: member.revision,
    joined_at: new Date(member.joinedAtMs).toISOString(),
  };
}
