import type { MarkupOverrideView, RerateView } from "@aggregator/contracts/pricing";
import { z } from "@hono/zod-openapi";
import { NanoUsd, Time } from "./common.ts";
import { Prices } from "./models.ts";

export const RerateInput = z
  .object({
    from: Time,
    to: Time.openapi({ description: "Exclusive." }),
    company_ids: z
      .array(z.string())
      .optional()
      .openapi({ description: "At most 100; absent: every company that was charged." }),
    price_book: z.object({
      prices: z
        .record(z.string(), Prices)
        .openapi({ description: "By id of a model or, which goes first, of an endpoint." }),
      markup_bps: z
        .number()
        .int()
        .optional()
        .openapi({ description: "In basis points; absent: the markup of each request." }),
    }),
    limit: z.number().int().optional().openapi({ description: "Companies, 1–100; 20 if absent." }),
    cursor: z.string().optional(),
  })
  .openapi("RerateInput");

export const Rerate = z
  .object({
    company_id: z.string(),
    requests: z.number().int(),
    rated_requests: z.number().int().openapi({
      description:
        "What the price book rates. Requests of other models, of the company's own provider keys and those whose usage is not known count with what they were charged.",
    }),
    charged_nano_usd: NanoUsd,
    rated_nano_usd: NanoUsd,
    difference_nano_usd: NanoUsd.openapi({ description: "Signed: what the price book would have charged more." }),
    is_complete: z
      .boolean()
      .openapi({ description: "False: the next page begins with the rest of this company, to be added." }),
  })
  .openapi("Rerate") satisfies z.ZodType<RerateView>;

const MarkupBps = z.number().int().openapi({ description: "On what providers take, in basis points.", example: 500 });

export const MarkupOverrideInput = z
  .object({
    company_id: z.string().nullish().openapi({ description: "Absent: every company." }),
    model: z
      .string()
      .nullish()
      .openapi({ description: "Id of a model; absent: every model.", example: "openai/gpt-4o" }),
    markup_bps: MarkupBps,
  })
  .openapi("MarkupOverrideInput");

export const MarkupOverrideScope = z.object({ company_id: z.string().optional(), model: z.string().optional() });

export const MarkupOverride = z
  .object({
    company_id: z.string().nullable(),
    model: z.string().nullable(),
    markup_bps: MarkupBps,
    updated_at: Time,
  })
  .openapi("MarkupOverride") satisfies z.ZodType<MarkupOverrideView>;
