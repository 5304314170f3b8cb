import { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { z } from "@hono/zod-openapi";

/** What all inference bodies have in common; the rest is the vendor's and passes through. */
export const InferenceInput = z
  .looseObject({
    model: z.string().openapi({ description: "Catalogue id of the model.", example: "sandbox/echo" }),
    stream: z.boolean().optional(),
    models: z
      .array(z.string())
      .optional()
      .openapi({ description: "Fallbacks, in order; removed before the upstream call." }),
    provider: ProviderPreferences.optional().openapi({
      description: "How endpoints are chosen (OpenRouter's names); removed before the upstream call.",
    }),
  })
  .openapi("InferenceInput", {
    example: { model: "sandbox/echo", messages: [{ role: "user", content: "Hello" }] },
  });

export const Transcription = z
  .looseObject({ model: z.string(), file: z.unknown().openapi({ type: "string", format: "binary" }) })
  .openapi("TranscriptionInput");
