import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { Env } from "../../env.ts";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import type { UpstreamRequest } from "../adapter.ts";

/** Sends a request to a provider: `fetch`, or what stands in for it. */
export type SendUpstream = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A call of the binding in the shape that every other provider's has; the address names the model for
 * records and the guard, nothing is fetched from it.
 */
export function bindingRequest(endpoint: PlannedEndpoint, inputs: JsonObject): UpstreamRequest {
  const { baseUrl, upstreamModel } = endpoint;
  return {
    url: `${baseUrl.replace(/\/+$/, "")}/run/${upstreamModel}`,
    headers: {},
    body: JSON.stringify({ model: upstreamModel, inputs }),
  };
}

/** False for an endpoint by a binding that this deployment does not have. */
export function isBound({ kind }: PlannedEndpoint, { AI: ai }: Env): boolean {
  return kind !== "workers-ai" || ai !== undefined;
}

/** How this endpoint is reached. */
export function senderOf({ kind }: PlannedEndpoint, { AI: ai }: Env): SendUpstream {
  if (kind !== "workers-ai") return fetch;
  return async (_url, { body, signal }) => {
    if (ai === undefined) throw new Error("this deployment has no binding AI");
    const { model, inputs } = ownRequest(body);
    return ai.run(model, inputs, { returnRawResponse: true, ...(signal ? { signal } : {}) });
  };
}

/** `bindingRequest` wrote this text from typed values, so it is not checked again. */
function ownRequest(body: RequestInit["body"]): { readonly model: string; readonly inputs: Record<string, unknown> } {
  if (typeof body !== "string") throw new Error("a request to the binding is text");
  return JSON.parse(body) as { readonly model: string; readonly inputs: Record<string, unknown> };
}
