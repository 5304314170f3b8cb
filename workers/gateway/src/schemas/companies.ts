import type { AdminCompanyView, AuditEntryView, CompanySettingsView } from "@aggregator/contracts/companies";
import { z } from "@hono/zod-openapi";
import { JsonObject, Revision, Time } from "./common.ts";

export const CompanySettings = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().openapi({ description: "Where the company is written to." }),
    is_active: z.boolean(),
    is_verified: z.boolean(),
    referral_code: z.string(),
    revision: Revision,
    created_at: Time,
  })
  .openapi("CompanySettings") satisfies z.ZodType<CompanySettingsView>;

export const AdminCompany = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    is_active: z.boolean(),
    inactive_reason: z.enum(["suspended", "closed", "erased"]).nullable(),
    is_verified: z.boolean(),
    members: z.number().int(),
    revision: Revision,
    created_at: Time,
  })
  .openapi("AdminCompany") satisfies z.ZodType<AdminCompanyView>;

export const AuditEntry = z
  .object({
    id: z.string(),
    at: Time,
    action: z.string().openapi({ example: "api_key.created" }),
    target_id: z.string(),
    actor: z
      .object({
        kind: z.enum(["member", "api_key", "operator", "system"]),
        member_id: z.string().nullable(),
        key_id: z.string().nullable(),
        ip: z.string().nullable(),
      })
      .openapi({ description: "Of an operator of the platform only that it was one." }),
    request_id: z.string(),
    before: JsonObject.nullable().openapi({ description: "Fields that changed, without secrets." }),
    after: JsonObject.nullable(),
  })
  .openapi("AuditEntry") satisfies z.ZodType<AuditEntryView>;

export const UpdateCompanyInput = z.object({ name: z.string().optional() }).openapi("UpdateCompanyInput");
export const CloseCompanyInput = z
  .object({ password: z.string().openapi({ format: "password", description: "The asker's own." }) })
  .openapi("CloseCompanyInput");
export const SwitchCompanyInput = z.object({ company_id: z.string() }).openapi("SwitchCompanyInput");
export const ReasonInput = z
  .object({ reason: z.string().openapi({ description: "Kept in the company's audit log." }) })
  .openapi("ReasonInput");

export const AuditFilter = z.object({
  from: Time.optional().openapi({ description: "Inclusive." }),
  to: Time.optional().openapi({ description: "Exclusive." }),
  action: z
    .string()
    .optional()
    .openapi({ description: "An action, or a resource for all of its actions.", example: "api_key" }),
  actor: z.string().optional().openapi({ description: "Id of a member or of a key." }),
  target_id: z.string().optional(),
});
export const AdminCompanyFilter = z.object({
  q: z.string().max(100).optional().openapi({ description: "Part of the name, address or id, literally." }),
  is_active: z.enum(["true", "false"]).optional(),
});
