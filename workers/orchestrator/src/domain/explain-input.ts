import { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { z } from "zod";

const Name = z.string().min(1).max(256);
const Names = z.array(Name).max(1_000);

/** `POST /v1/admin/routing/explain`: what a request, its key and its company would say. */
export const ExplainInput = z
  .strictObject({
    model: Name,
    models: z.array(Name).max(15),
    company_id: z.string().min(1).max(64),
    /** The request's own, then those of its key. */
    provider: ProviderPreferences,
    key_preferences: ProviderPreferences,
    allowed_models: Names,
    allowed_providers: Names,
  })
  .partial()
  .required({ model: true });
