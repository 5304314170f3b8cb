import type { ModelAliasView } from "@aggregator/contracts/routing-admin";
import { z } from "zod";
import type { ModelAliasRow } from "../db/model-aliases.ts";
import { ModelId } from "./fields.ts";

const MAX_MODELS = 10;

/** `PUT /v1/admin/routing/aliases/{id}`. */
export const ModelAliasInput = z.strictObject({
  models: z
    .array(ModelId)
    .min(1)
    .max(MAX_MODELS)
    .refine((models) => new Set(models).size === models.length, "has a model twice"),
});

export function modelAliasView({ id, models, createdAtMs, updatedAtMs }: ModelAliasRow): ModelAliasView {
  return {
    id,
    models,
    created_at: new Date(createdAtMs).toISOString(),
    updated_at: new Date(updatedAtMs).toISOString(),
  };
}
