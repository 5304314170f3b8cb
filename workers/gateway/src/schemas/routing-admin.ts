import { CIRCUIT_STATES } from "@aggregator/contracts/provider-health";
import { ROUTING_STRATEGIES } from "@aggregator/contracts/routing";
import {
  ENDPOINT_REFUSALS,
  type ExplainedEndpointView,
  type ModelAliasView,
  PLACEMENTS,
  type RoutingExplanationView,
  type RoutingRuleView,
} from "@aggregator/contracts/routing-admin";
import { z } from "@hono/zod-openapi";
import { Preferences, Time } from "./common.ts";
import { Prices } from "./models.ts";

const AliasModels = z.array(z.string()).openapi({
  description: "Catalogue ids in the order to try.",
  example: ["openai/gpt-4o", "anthropic/claude-sonnet-4"],
});

export const ModelAlias = z
  .object({ id: z.string(), models: AliasModels.readonly(), created_at: Time, updated_at: Time })
  .openapi("ModelAlias") satisfies z.ZodType<ModelAliasView>;

export const ModelAliasInput = z.object({ models: AliasModels }).openapi("ModelAliasInput");

const Match = z
  .object({
    models: z
      .array(z.string())
      .readonly()
      .optional()
      .openapi({
        description: "Names that are asked for; `*` at the end stands for anything.",
        example: ["openai/*"],
      }),
    companies: z.array(z.string()).readonly().optional(),
    min_input_tokens: z.number().int().optional().openapi({ description: "Likely tokens of the input." }),
    max_input_tokens: z.number().int().optional(),
    has_tools: z.boolean().optional(),
    metadata: z
      .record(z.string(), z.string())
      .readonly()
      .optional()
      .openapi({ description: "Members of the body's `metadata`, each with this value." }),
    tags: z
      .array(z.string())
      .readonly()
      .optional()
      .openapi({ description: "Tags of the request's header `x-aggregator-tags`; it must carry all of them." }),
  })
  .openapi("RoutingRuleMatch", { description: "Which requests it is for; all that is there must hold." });

const Effect = z
  .object({
    only: z.array(z.string()).readonly().optional(),
    ignore: z.array(z.string()).readonly().optional(),
    prefer: z.array(z.string()).readonly().optional(),
    shadow: z
      .object({ provider: z.string(), percent: z.number().min(0).max(100) })
      .optional()
      .openapi({
        description:
          "A provider on trial: it serves nothing, and so many percent of the requests are sent to it as well, with the platform's key and at its cost; the answer is dropped.",
      }),
  })
  .openapi("RoutingRuleEffect", {
    description:
      "Slugs of providers: `only` and `ignore` take endpoints out, `prefer` puts them first among those of their model, above any other order.",
  });

const rule = { id: z.string(), name: z.string(), match: Match, effect: Effect };

export const RoutingRule = z
  .object({
    ...rule,
    position: z.number().int(),
    enabled: z.boolean(),
    created_at: Time,
    updated_at: Time,
  })
  .openapi("RoutingRule") satisfies z.ZodType<RoutingRuleView>;

export const RoutingRuleList = z.object({ data: z.array(RoutingRule).readonly() }).openapi("RoutingRuleList");

export const RoutingRuleInput = z
  .object({
    name: z.string().optional(),
    position: z.number().int().optional().openapi({ description: "Lower is applied first." }),
    enabled: z.boolean().optional(),
    match: Match,
    effect: Effect,
  })
  .openapi("RoutingRuleInput");

export const ExplainInput = z
  .object({
    model: z.string().openapi({ example: "openai/gpt-4o" }),
    models: z.array(z.string()).optional().openapi({ description: "Fallbacks of the request." }),
    company_id: z
      .string()
      .optional()
      .openapi({ description: "Whose preferences and provider keys count; absent: nobody's." }),
    provider: Preferences.optional().openapi({ description: "The request's hints." }),
    key_preferences: Preferences.optional().openapi({ description: "Those of its API key." }),
    allowed_models: z.array(z.string()).optional().openapi({ description: "What the key allows; absent: all." }),
    allowed_providers: z.array(z.string()).optional(),
  })
  .openapi("RoutingExplainInput");

const ExplainedEndpoint = z
  .object({
    endpoint: z.string(),
    provider: z.string(),
    upstream_model: z.string(),
    model: z.string(),
    credential: z.enum(["platform", "company"]),
    position: z.number().int().nullable().openapi({ description: "Place in the order to try; null: passed by." }),
    placed_by: z.enum(PLACEMENTS).nullable().openapi({
      description:
        "What put it behind the one before it; `strategy`: each request decides anew between the two. null: passed by.",
    }),
    refusal: z.enum(ENDPOINT_REFUSALS).nullable().openapi({ description: "Why it is passed by." }),
    strategy: z.enum(ROUTING_STRATEGIES),
    sticky: z.boolean(),
    priority: z.number().int(),
    weight: z.number().int(),
    prices: Prices.nullable(),
    price_version: z.string().nullable(),
    health: z
      .object({
        state: z.enum(CIRCUIT_STATES),
        share: z.number(),
        open_until: Time.nullable(),
        credential_set_aside_until: Time.nullable(),
      })
      .nullable()
      .openapi({ description: "As all locations share it; null: not known now. Unwell endpoints are passed by." }),
  })
  .openapi("ExplainedEndpoint") satisfies z.ZodType<ExplainedEndpointView>;

export const RoutingExplanation = z
  .object({
    models: z
      .array(
        z.object({
          id: z.string(),
          asked_as: z.array(z.string()).readonly(),
          refusal: z.enum(["model_not_found", "model_not_allowed"]).nullable(),
        }),
      )
      .readonly(),
    allow_fallbacks: z.boolean(),
    error: z
      .object({ code: z.string(), message: z.string() })
      .nullable()
      .openapi({ description: "What the request would be answered; null: it would be tried." }),
    rules: z.array(z.object(rule)).readonly().openapi({
      description:
        "Rules for these models and this company: what a request carries decides whether they move its endpoints.",
    }),
    endpoints: z
      .array(ExplainedEndpoint)
      .readonly()
      .openapi({ description: "Those to try in their order, then those that are passed by." }),
  })
  .openapi("RoutingExplanation") satisfies z.ZodType<RoutingExplanationView>;
