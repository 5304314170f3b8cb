import type { Actor } from "@aggregator/contracts/actor";
import type { MemberView } from "@aggregator/contracts/members";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findJoinedMember } from "../db/members.ts";
import { memberView, NO_SUCH_MEMBER } from "../domain/member-view.ts";

/** One member of the company. Needs `members:read`. `not_found`. */
export async function getMember(call: Call, actor: Actor, id: string): Answer<MemberView> {
  const allowed = requirePermission(actor, "members:read");
  if (!allowed.ok) return allowed;
  const member = await findJoinedMember(call.db, actor.companyId, id);
  return member === undefined ? NO_SUCH_MEMBER : ok(memberView(member));
}
