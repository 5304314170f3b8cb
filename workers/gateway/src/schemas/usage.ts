import type { UsageRowView } from "@aggregator/contracts/analytics";
import { z } from "@hono/zod-openapi";

export const UsageRow = z
  .object({
    group: z
      .record(z.string(), z.string().nullable())
      .readonly()
      .openapi({ description: "Values of the grouped dimensions." }),
    requests: z.number().int(),
    errors: z.number().int(),
    input_tokens: z.number().int(),
    cached_input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    cost_nano_usd: z.number().int().openapi({ description: "What the company paid." }),
  })
  .openapi("UsageRow") satisfies z.ZodType<UsageRowView>;
