import type { ProviderCredentialView, ProviderPreferencesView } from "@aggregator/contracts/company-routing";
import { z } from "@hono/zod-openapi";
import { Preferences, Revision, Time } from "./common.ts";

export const CompanyPreferences = z
  .object({
    preferences: Preferences.openapi({ description: "As the company set them." }),
    revision: Revision,
    updated_at: Time.nullable().openapi({ description: "null: never set." }),
  })
  .openapi("CompanyProviderPreferences") satisfies z.ZodType<ProviderPreferencesView>;

export const ProviderCredential = z
  .object({
    id: z.string(),
    provider: z.string().openapi({ description: "Slug of the provider." }),
    name: z.string(),
    hint: z.string().openapi({ description: "Last four characters of the key, which is itself never returned." }),
    verified_at: Time.nullable().openapi({ description: "When the provider took it; null: it was not asked." }),
    revision: Revision,
    created_at: Time,
    updated_at: Time,
  })
  .openapi("ProviderCredential") satisfies z.ZodType<ProviderCredentialView>;

const verify = z.boolean().optional().openapi({
  description:
    "The provider is asked before the key is saved (the default): 400 naming `api_key` when it refuses, 502 when it does not say. `false` saves it without asking.",
});

export const ProviderCredentialInput = z
  .object({
    provider: z.string().openapi({ description: "Slug of the provider.", example: "openai" }),
    api_key: z.string().openapi({ example: "sk-your-own-key" }),
    name: z.string().optional(),
    verify,
  })
  .openapi("ProviderCredentialInput");

export const ProviderCredentialChange = z
  .object({ name: z.string().optional(), api_key: z.string().optional(), verify })
  .openapi("ProviderCredentialChange");
