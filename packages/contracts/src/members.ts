import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { KeyAccess } from "./key-access.ts";
import type { Page } from "./page.ts";
import type { Permission } from "./permissions.ts";
import type { Answer } from "./result.ts";
import type { SessionView } from "./auth.ts";

export interface MemberView {
  readonly id: string;
  readonly email: string;
  /** A built-in role, or the name of the company's own. */
  readonly role: string;
  readonly role_id: string | null;
  readonly permissions: readonly Permission[];
  readonly is_verified: boolean;
  readonly has_second_factor: boolean;
  readonly revision: number;
  readonly joined_at: string;
}

export interface RoleView {
  /** The name for a built-in role. */
  readonly id: string;
  readonly name: string;
  readonly is_built_in: boolean;
  readonly permissions: readonly Permission[];
  /** 0 for a built-in role, which nobody changes. */
  readonly revision: number;
}

export interface InvitationView {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly role_id: string | null;
  readonly status: "pending" | "accepted" | "revoked" | "expired";
  readonly created_at: string;
  readonly expires_at: string;
}

/** A change of what members may do, and what it changed for the keys that they made. */
export interface AccessChange<View> {
  readonly view: View;
  readonly keys: KeyAccess;
}

export interface MembersApi {
  listMembers(context: CallContext, actor: Actor, query: unknown): Answer<Page<MemberView>>;
  getMember(context: CallContext, actor: Actor, id: string): Answer<MemberView>;
  /** `{ "role" }` or `{ "role_id" }`; neither the old nor the new role may exceed the actor's own permissions. `conflict` for the last owner. */
  updateMember(
    context: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    ifMatch: string | null,
  ): Answer<AccessChange<MemberView>>;
  /** Ends the member's sessions in the company and its keys there, which are answered. Oneself: leaving. `conflict` for the last owner. */
  removeMember(context: CallContext, actor: Actor, id: string): Answer<KeyAccess>;
  listRoles(context: CallContext, actor: Actor, query: unknown): Answer<Page<RoleView>>;
  getRole(context: CallContext, actor: Actor, id: string): Answer<RoleView>;
  createRole(context: CallContext, actor: Actor, input: unknown): Answer<RoleView>;
  updateRole(
    context: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    ifMatch: string | null,
  ): Answer<AccessChange<RoleView>>;
  /** `conflict` while somebody has it or is invited to it. */
  deleteRole(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** Mails a link. An invitation before it to the same address ends. */
  createInvitation(context: CallContext, actor: Actor, input: unknown): Answer<InvitationView>;
  listInvitations(context: CallContext, actor: Actor, query: unknown): Answer<Page<InvitationView>>;
  getInvitation(context: CallContext, actor: Actor, id: string): Answer<InvitationView>;
  /** A repeat answers alike; `conflict` once it was accepted. */
  revokeInvitation(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** Open: the token proves the address. A known member proves itself with its password, a new one chooses it. */
  acceptInvitation(context: CallContext, input: unknown): Answer<SessionView>;
}
