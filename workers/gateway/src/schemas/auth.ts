import type { CompanyView, JwksView, MeView, SessionView } from "@aggregator/contracts/auth";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import { z } from "@hono/zod-openapi";

export const Company = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.string().openapi({ description: "The signed-in member's role in the company." }),
    is_active: z.boolean(),
    is_verified: z.boolean(),
    referral_code: z.string(),
    created_at: z.string().openapi({ format: "date-time" }),
  })
  .openapi("Company") satisfies z.ZodType<CompanyView>;

export const Session = z
  .object({
    access_token: z.string().openapi({ description: "EdDSA JWT for the `Authorization` header; short-lived." }),
    token_type: z.literal("Bearer"),
    expires_in: z.number().int().openapi({ description: "Seconds until the access token ends." }),
    refresh_token: z
      .string()
      .openapi({ description: "Good for one `POST /v1/auth/refresh`; using it twice ends the session." }),
    company: Company,
  })
  .openapi("Session") satisfies z.ZodType<SessionView>;

export const Me = z
  .object({
    company: Company,
    member: z.object({ id: z.string(), email: z.string(), role: z.string() }).nullable(),
    key: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .openapi({ description: "The API key that asked, if one did." }),
    companies: z
      .array(z.object({ id: z.string(), name: z.string(), role: z.string(), is_active: z.boolean() }).readonly())
      .readonly()
      .openapi({ description: "All that the signed-in member is in; none for a key." }),
    permissions: z.array(z.enum(PERMISSIONS)).readonly(),
    platform_admin: z.boolean(),
  })
  .openapi("Me") satisfies z.ZodType<MeView>;

export const Jwks = z
  .object({ keys: z.array(z.record(z.string(), z.string()).readonly()).readonly() })
  .openapi("Jwks", { description: "RFC 7517." }) satisfies z.ZodType<JwksView>;

export const RegisterInput = z
  .object({
    name: z.string().openapi({ description: "The company's name.", example: "Example Ltd" }),
    email: z.string().openapi({ format: "email", example: "owner@example.com" }),
    password: z.string().openapi({ format: "password", description: "At most 72 bytes in UTF-8." }),
  })
  .openapi("RegisterInput");

export const LoginInput = z
  .object({
    email: z.string().openapi({ format: "email", example: "owner@example.com" }),
    password: z.string().openapi({ format: "password" }),
  })
  .openapi("LoginInput");

export const RefreshInput = z.object({ refresh_token: z.string() }).openapi("RefreshInput");
