import { z } from "@hono/zod-openapi";

/** A JSON request body. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

export const PageParameters = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ description: "Items per page." }),
  cursor: z.string().max(512).optional().openapi({ description: "`next_cursor` of the page before." }),
});

/** A path parameter. */
export function pathId(description: string, example?: string) {
  return z.object({
    id: z
      .string()
      .openapi({ param: { in: "path", name: "id" }, description, ...(example === undefined ? {} : { example }) }),
  });
}

export const IdempotencyKeyHeader = z.object({
  "idempotency-key": z.string().min(1).max(255).optional().openapi({
    description:
      "Makes a repeat safe: the same key and body are carried out once and answered alike for 24 h; another body is 409.",
  }),
});

export const IfMatchHeader = z.object({
  "if-match": z.string().max(1_000).optional().openapi({
    description:
      "The `etag` of the answer that the change is made to; 412 `precondition_failed` when it has changed since.",
    example: '"1"',
  }),
});

/** Headers of every inference request. */
export const InferenceHeaders = IdempotencyKeyHeader.extend({
  "x-aggregator-tags": z.string().optional().openapi({
    description:
      "Tags for the platform's routing rules, with commas between: at most 16, each of 1 to 64 letters, digits and `. _ : / -`.",
    example: "batch,eu",
  }),
});
