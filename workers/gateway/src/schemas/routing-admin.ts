import type { ModelAliasView } from "@aggregator/contracts/routing-admin";
import { z } from "@hono/zod-openapi";
import { Time } from "./common.ts";

const AliasModels = z.array(z.string()).openapi({
  description: "Catalogue ids in the order to try.",
  example: ["openai/gpt-4o", "anthropic/claude-sonnet-4"],
});

export const ModelAlias = z
  .object({ id: z.string(), models: AliasModels.readonly(), created_at: Time, updated_at: Time })
  .openapi("ModelAlias") satisfies z.ZodType<ModelAliasView>;

export const ModelAliasInput = z.object({ models: AliasModels }).openapi("ModelAliasInput");
