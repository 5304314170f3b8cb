import type { NoticeDeadLetterView } from "@aggregator/contracts/notifications";
import { z } from "@hono/zod-openapi";

export const NoticeDeadLetter = z
  .object({
    id: z.string(),
    queue: z.string(),
    reason: z.string(),
    attempts: z.number().int(),
    shape: z.string().openapi({ description: "Field names with the types of their values, as JSON." }),
    received_at: z.string().openapi({ format: "date-time" }),
    replayed_at: z.string().nullable().openapi({ format: "date-time" }),
  })
  .openapi("NoticeDeadLetter") satisfies z.ZodType<NoticeDeadLetterView>;
