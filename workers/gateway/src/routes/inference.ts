import { DATA_PLANE_ENDPOINTS, type DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import { createRoute, z } from "@hono/zod-openapi";
import type { GatewayApp } from "../http/gateway-context.ts";
import { describe } from "../http/mount.ts";
import { InferenceInput, Transcription } from "../schemas/inference.ts";
import { InferenceHeaders } from "../openapi/requests.ts";
import { errors } from "../openapi/responses.ts";

interface Description {
  readonly operationId: string;
  readonly summary: string;
}

/** Exhaustive: an endpoint that the proxy learns does not compile without its description. */
const DESCRIPTIONS: Readonly<Record<DataPlaneEndpoint, Description>> = {
  "/v1/chat/completions": { operationId: "createChatCompletion", summary: "Chat (OpenAI)" },
  "/v1/completions": { operationId: "createCompletion", summary: "Text completion (OpenAI)" },
  "/v1/responses": { operationId: "createResponse", summary: "Responses (OpenAI)" },
  "/v1/messages": { operationId: "createMessage", summary: "Messages (Anthropic)" },
  "/v1/messages/count_tokens": { operationId: "countMessageTokens", summary: "Count tokens (Anthropic)" },
  "/v1/embeddings": { operationId: "createEmbedding", summary: "Embeddings" },
  "/v1/images/generations": { operationId: "createImage", summary: "Image generation" },
  "/v1/audio/speech": { operationId: "createSpeech", summary: "Text to speech" },
  "/v1/audio/transcriptions": { operationId: "createTranscription", summary: "Speech to text" },
  "/v1/moderations": { operationId: "createModeration", summary: "Moderation" },
  "/v1/rerank": { operationId: "createRerank", summary: "Rerank" },
};

/** Puts the inference endpoints into the document. They are served off the router (data-plane/serve-inference.ts). */
export function describeInference(app: GatewayApp): void {
  for (const path of DATA_PLANE_ENDPOINTS) describe(app, inferenceRoute(path, DESCRIPTIONS[path]));
}

function inferenceRoute(path: DataPlaneEndpoint, description: Description) {
  const content =
    path === "/v1/audio/transcriptions"
      ? { "multipart/form-data": { schema: Transcription } }
      : { "application/json": { schema: InferenceInput } };
  return createRoute({
    method: "post",
    path,
    ...description,
    tags: ["Inference"],
    description:
      "As the vendor documents it: fields that are not listed here pass through, and so do those of the answer. " +
      "The `usage` object gains `cost_nano_usd` and `cost`. Needs an API key with `inference:create`.",
    request: { headers: InferenceHeaders, body: { required: true, content } },
    responses: {
      200: {
        description: "The vendor's answer; with `stream: true`, server-sent events.",
        content: {
          "application/json": { schema: z.record(z.string(), z.unknown()) },
          "text/event-stream": { schema: z.string() },
        },
      },
      ...errors,
    },
  });
}
