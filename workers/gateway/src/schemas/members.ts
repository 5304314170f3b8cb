import type { InvitationView, MemberView, RoleView } from "@aggregator/contracts/members";
import { BUILT_IN_ROLES, PERMISSIONS } from "@aggregator/contracts/permissions";
import { z } from "@hono/zod-openapi";
import { Revision, Time } from "./common.ts";

const Permissions = z.array(z.enum(PERMISSIONS)).readonly();
const RoleName = z.string().openapi({ description: "A built-in role, or the name of the company's own." });
const RoleId = z.string().nullable().openapi({ description: "Of the company's own role; null for a built-in one." });

export const Member = z
  .object({
    id: z.string(),
    email: z.string(),
    role: RoleName,
    role_id: RoleId,
    permissions: Permissions,
    is_verified: z.boolean(),
    has_second_factor: z.boolean(),
    revision: Revision,
    joined_at: Time,
  })
  .openapi("Member") satisfies z.ZodType<MemberView>;

export const Role = z
  .object({
    id: z.string().openapi({ description: "The name for a built-in role." }),
    name: z.string(),
    is_built_in: z.boolean(),
    permissions: Permissions,
    revision: Revision,
  })
  .openapi("Role") satisfies z.ZodType<RoleView>;

export const Invitation = z
  .object({
    id: z.string(),
    email: z.string(),
    role: RoleName,
    role_id: RoleId,
    status: z.enum(["pending", "accepted", "revoked", "expired"]),
    created_at: Time,
    expires_at: Time,
  })
  .openapi("Invitation") satisfies z.ZodType<InvitationView>;

/** A role is named by one of the two. */
const offered = {
  role: z.enum(BUILT_IN_ROLES).optional().openapi({ description: "A built-in role; or else `role_id`." }),
  role_id: z.string().optional().openapi({ description: "A role of the company's own." }),
};

export const UpdateMemberInput = z.object(offered).openapi("UpdateMemberInput", { example: { role: "viewer" } });
export const CreateInvitationInput = z
  .object({ email: z.string(), ...offered })
  .openapi("CreateInvitationInput", { example: { email: "colleague@example.com", role: "developer" } });
export const AcceptInvitationInput = z
  .object({
    token: z.string().openapi({ description: "The secret in the mail's link." }),
    password: z
      .string()
      .openapi({ format: "password", description: "The one that the address has here, or a new one." }),
  })
  .openapi("AcceptInvitationInput");

export const CreateRoleInput = z
  .object({ name: z.string(), permissions: z.array(z.enum(PERMISSIONS)) })
  .openapi("CreateRoleInput", { example: { name: "Auditor", permissions: ["usage:read"] } });
export const UpdateRoleInput = z
  .object({ name: z.string().optional(), permissions: z.array(z.enum(PERMISSIONS)).optional() })
  .openapi("UpdateRoleInput");
