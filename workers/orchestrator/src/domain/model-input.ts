import { ROUTING_STRATEGIES } from "@aggregator/contracts/routing";
import { z } from "zod";
import { ModelId, Slug, TokenCount, UpstreamModel } from "./fields.ts";
import { PricesInput } from "@aggregator/money/prices-input";

const MAX_ENDPOINTS = 64;

const EndpointInput = z.strictObject({
  provider: Slug,
  upstream_model: UpstreamModel,
  enabled: z.boolean().default(true),
  weight: z.int().min(0).max(1_000_000).default(1),
  /** Absent: as they are. Null: withdrawn, so that calls are `model_not_priced`. */
  prices: PricesInput.nullable().optional(),
});
export type EndpointInput = z.infer<typeof EndpointInput>;

const Endpoints = z
  .array(EndpointInput)
  .max(MAX_ENDPOINTS)
  .superRefine((endpoints, context) => {
    const seen = new Set<string>();
    for (const [index, { provider, upstream_model }] of endpoints.entries()) {
      const key = JSON.stringify([provider, upstream_model]);
      if (seen.has(key)) context.addIssue({ code: "custom", message: "is there twice", path: [index] });
      seen.add(key);
    }
  });

const fields = {
  context_window: TokenCount.nullable(),
  max_output_tokens: TokenCount.nullable(),
  strategy: z.enum(ROUTING_STRATEGIES),
  sticky: z.boolean(),
  endpoints: Endpoints,
};

/** `POST /v1/admin/models`. */
export const CreateModelInput = z
  .strictObject({ ...fields, id: ModelId })
  .partial()
  .required({ id: true });
export type CreateModelInput = z.infer<typeof CreateModelInput>;

/** `PATCH /v1/admin/models/{id}`: absent fields stay, `endpoints` replaces the list. */
export const UpdateModelInput = z.strictObject(fields).partial();
export type UpdateModelInput = z.infer<typeof UpdateModelInput>;
