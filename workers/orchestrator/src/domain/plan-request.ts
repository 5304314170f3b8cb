import { DATA_PLANE_ENDPOINTS } from "@aggregator/contracts/data-plane";
import { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { z } from "zod";

const Names = z.array(z.string().max(256)).max(1_000).nullable();

/** What the proxy asks, as it crosses RPC. Ids that no model can have are simply not found. */
export const PlanRequestInput = z.object({
  companyId: z.string().min(1).max(64),
  endpoint: z.enum(DATA_PLANE_ENDPOINTS),
  models: z.array(z.string().max(1_024)).min(1).max(16),
  preferences: z.array(ProviderPreferences).max(8),
  allowedModels: Names,
  allowedProviders: Names,
});
