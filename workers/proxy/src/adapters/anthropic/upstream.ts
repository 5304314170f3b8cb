import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { InferenceRequest } from "../../endpoints/inference-request.ts";

/** https://docs.anthropic.com/en/api/versioning */
const API_VERSION = "2023-06-01";

export function messagesUrl(endpoint: PlannedEndpoint, path = "messages"): string {
  return `${endpoint.baseUrl.replace(/\/+$/, "")}/v1/${path}`;
}

/** Credential, version and the client's own choice of betas. */
export function messagesHeaders(
  endpoint: PlannedEndpoint,
  request: InferenceRequest,
): Readonly<Record<string, string>> {
  const { secret } = endpoint.credential;
  return {
    "content-type": "application/json",
    accept: request.stream ? "text/event-stream" : "application/json",
    "anthropic-version": API_VERSION,
    ...request.vendorHeaders,
    ...(secret === null ? {} : { "x-api-key": secret }),
  };
}
