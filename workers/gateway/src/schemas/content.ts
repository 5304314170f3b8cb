import {
  MAX_CONTENT_RETENTION_DAYS,
  type ContentPolicy as ContentPolicyInput,
  type ContentPolicyView,
  type RequestContentView,
} from "@aggregator/contracts/content";
import { z } from "@hono/zod-openapi";

const policyFields = {
  is_enabled: z.boolean().openapi({ description: "Whether prompts and answers are stored, from now on." }),
  retention_days: z.number().int().min(1).max(MAX_CONTENT_RETENTION_DAYS).openapi({ example: 30 }),
};

export const ContentPolicyChange = z
  .object(policyFields)
  .openapi("ContentPolicyChange") satisfies z.ZodType<ContentPolicyInput>;

export const ContentPolicy = z
  .object({
    ...policyFields,
    changed_at: z.string().nullable().openapi({ format: "date-time", description: "null: never." }),
  })
  .openapi("ContentPolicy") satisfies z.ZodType<ContentPolicyView>;

export const RequestContent = z
  .object({
    request_id: z.string(),
    request: z.string().openapi({ description: "The body as it was sent." }),
    response: z
      .string()
      .nullable()
      .openapi({ description: "The answer as it was given, a stream with its events; null when there was none." }),
    is_truncated: z.boolean().openapi({ description: "Longer than 1 MiB: the rest was not stored." }),
    stored_at: z.string().openapi({ format: "date-time" }),
    expires_at: z.string().openapi({ format: "date-time", description: "When it is deleted." }),
  })
  .openapi("RequestContent") satisfies z.ZodType<RequestContentView>;
