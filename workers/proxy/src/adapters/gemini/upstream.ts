import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";

/** Address of a method of a model. https://ai.google.dev/api/generate-content */
export function modelUrl(endpoint: PlannedEndpoint, method: string): string {
  return `${endpoint.baseUrl.replace(/\/+$/, "")}/v1beta/${modelName(endpoint)}:${method}`;
}

/** `models/<id>`; an id that came with the prefix keeps one. */
export function modelName({ upstreamModel }: PlannedEndpoint): string {
  return `models/${encodeURIComponent(upstreamModel.replace(/^models\//, ""))}`;
}

/** The key goes in a header: in the address it would end up in logs. */
export function geminiHeaders(endpoint: PlannedEndpoint, accept: string): Readonly<Record<string, string>> {
  const { secret } = endpoint.credential;
  return { "content-type": "application/json", accept, ...(secret === null ? {} : { "x-goog-api-key": secret }) };
}
