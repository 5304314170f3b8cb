import { ERROR_CODES } from "@aggregator/contracts/result";
import { z } from "@hono/zod-openapi";
import type { ErrorBody } from "../errors/error-body.ts";
import { OPENAI_ERROR_TYPES } from "@aggregator/contracts/error-table";

/** Codes are documented as known values of a string, since a relayed refusal carries the provider's own. */
const Code = z.string().openapi({
  description: `What went wrong, for programs. One of ours (${ERROR_CODES.join(", ")}) or, in a relayed refusal, the provider's.`,
  example: "insufficient_balance",
});

export const ErrorSchema = z
  .object({
    error: z.object({
      message: z
        .string()
        .openapi({ description: "What went wrong, for people.", example: "The balance does not cover this request." }),
      type: z.enum(OPENAI_ERROR_TYPES).openapi({ description: "OpenAI's class of the error." }),
      code: Code,
      param: z
        .string()
        .nullable()
        .openapi({ description: "Dotted path of the field that is wrong, where there is one." }),
    }),
    request_id: z.string().openapi({ description: "Also in the `x-request-id` header; give it to support." }),
    first_request_id: z
      .string()
      .exactOptional()
      .openapi({ description: "For `idempotency_*`: the request that came first." }),
    challenge_token: z.string().exactOptional().openapi({
      description: "For `mfa_required`: to be sent to `POST /v1/auth/mfa/verify` with a code; good for 5 minutes.",
    }),
  })
  .openapi("Error") satisfies z.ZodType<ErrorBody>;
