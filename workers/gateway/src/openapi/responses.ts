import { z } from "@hono/zod-openapi";
import { ErrorSchema } from "./error-schema.ts";

const headers = z.object({
  "x-request-id": z.string().openapi({ description: "The id of this request (UUIDv7), ours always." }),
});

/** A JSON answer of a route. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, headers, content: { "application/json": { schema } } };
}

/** One page of a list. */
export function page<Item extends z.ZodType>(item: Item, description: string) {
  return json(
    z.object({
      data: z.array(item).readonly(),
      next_cursor: z
        .string()
        .nullable()
        .openapi({ description: "Pass as `cursor` for the next page; null at the end." }),
    }),
    description,
  );
}

/** A file. */
export function file(mediaType: string, description: string) {
  return { description, headers, content: { [mediaType]: { schema: z.string() } } };
}

/** An answer without a body. */
export const noContent = { description: "Done; no body.", headers };

/** Every refusal, in one shape; the code says which. */
export const errors = {
  default: {
    description:
      "The request was refused or failed. Statuses follow the code: 400, 401, 402, 403, 404, 405, 409, 412, 413, 415, 429, 500, 502, 503, 504.",
    headers,
    content: { "application/json": { schema: ErrorSchema } },
  },
} as const;
