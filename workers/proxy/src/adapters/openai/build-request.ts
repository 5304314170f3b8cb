import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { ok, type Result } from "@aggregator/contracts/result";
import { spliceMembers } from "@aggregator/runtime/parse-json";
import { loweredLimit } from "../../domain/output-ceiling.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { InferenceRequest } from "../../endpoints/inference-request.ts";
import type { UpstreamRequest } from "../adapter.ts";
import { credentialHeaders, upstreamUrl } from "./upstream.ts";

/**
 * The client's body for a server of the OpenAI wire: upstream model name in, routing hints out, output
 * limit lowered to the model's, usage of streams asked for. All other bytes are the client's.
 */
export function buildRequest(
  path: string,
  request: InferenceRequest,
  endpoint: PlannedEndpoint,
): Result<UpstreamRequest, never> {
  const changes = new Map<string, string | null>([
    ["model", JSON.stringify(endpoint.upstreamModel)],
    ["models", null],
    ["provider", null],
  ]);
  const limit = loweredLimit(request, endpoint);
  if (limit !== null) for (const field of request.outputLimit?.fields ?? []) changes.set(field, String(limit));
  // The responses wire always reports its usage and knows no such option.
  if (request.stream && request.protocol !== "openai-responses") {
    const options = request.body["stream_options"];
    changes.set("stream_options", JSON.stringify({ ...(isObject(options) ? options : {}), include_usage: true }));
  }
  return ok({
    url: upstreamUrl(endpoint, path),
    headers: {
      "content-type": "application/json",
      accept: request.stream ? "text/event-stream" : "application/json",
      ...credentialHeaders(endpoint),
    },
    body: spliceMembers(request.text, request.members, changes),
  });
}
