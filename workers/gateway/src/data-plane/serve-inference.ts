import {
  DATA_PLANE_ANSWER_HEADERS,
  DATA_PLANE_ENDPOINTS,
  type DataPlaneEndpoint,
} from "@aggregator/contracts/data-plane";
import type { ErrorValue } from "@aggregator/contracts/result";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { authenticate, type AuthenticatedRequest } from "../auth/authenticate.ts";
import { configOf, type Config, type Env } from "../env.ts";
import { errorResponse, INTERNAL_ERROR } from "../errors/error-response.ts";
import { pathOf } from "../http/path-of.ts";
import { identify, type RequestIdentity } from "../http/request-identity.ts";
import { stampHeaders } from "../http/response-headers.ts";
import { noteAnswer } from "../http/note-answer.ts";
import { tracerOf } from "../telemetry/tracer.ts";
import { boundBody } from "./bound-body.ts";
import { checkMediaType } from "./check-media-type.ts";
import { forwardedHeaders } from "./forwarded-headers.ts";

const ENDPOINTS: ReadonlyMap<string, DataPlaneEndpoint> = new Map(DATA_PLANE_ENDPOINTS.map((path) => [path, path]));

/** The inference endpoint that a request is for; null when the router is to answer it (a 405 included). */
export function endpointOf(request: Request): DataPlaneEndpoint | null {
  return request.method === "POST" ? (ENDPOINTS.get(pathOf(request.url)) ?? null) : null;
}

/**
 * One inference request, from the public edge to the proxy. Kept off the router: it runs a hundred
 * times as often as everything else and needs none of it. The body is never buffered here; warm, it
 * costs no call but the one to the proxy.
 */
export async function serveInference(
  endpoint: DataPlaneEndpoint,
  request: Request,
  env: Env,
  ctx: Pick<ExecutionContext, "waitUntil">,
): Promise<Response> {
  const identity = identify(request.headers, Date.now(), tracerOf(env));
  const config = configOf(env);
  const caller = await authenticate(request.headers, identity, env, config, true);
  const refusal = identity.problem ?? (caller.ok ? null : caller.error);
  const response =
    refusal === null && caller.ok
      ? await forward(endpoint, request, identity, caller.value, env, config)
      : refuse(refusal ?? INTERNAL_ERROR, identity, endpoint);
  noteAnswer({ env, config, ctx }, identity, {
    method: "POST",
    route: endpoint,
    status: response.status,
    principal: caller.ok ? caller.value.principal : null,
  });
  return response;
}

async function forward(
  endpoint: DataPlaneEndpoint,
  request: Request,
  identity: RequestIdentity,
  caller: AuthenticatedRequest,
  env: Env,
  config: Config,
): Promise<Response> {
  if (caller.principal.key === null) return refuse(NOT_A_KEY, identity, endpoint);
  const mediaType = checkMediaType(endpoint, request.headers);
  if (!mediaType.ok) return refuse(mediaType.error, identity, endpoint);
  const bounded = boundBody(request, config.MAX_BODY_BYTES);
  if (!bounded.ok) return refuse(bounded.error, identity, endpoint);
  try {
    const answer = await env.PROXY.fetch(`https://proxy${endpoint}`, {
      method: "POST",
      headers: forwardedHeaders(request.headers, identity, caller.json),
      body: bounded.value.body,
    });
    // A counted body that ran over was cut; whatever the proxy made of the rest is not the answer.
    if (bounded.value.exceeded()) return refuse(bounded.value.tooLarge, identity, endpoint);
    return answer;
  } catch (error) {
    if (bounded.value.exceeded()) return refuse(bounded.value.tooLarge, identity, endpoint);
    config.logger.error("dependency_failed", {
      ...correlation(identity.context),
      dependency: "proxy",
      ...defectFields(error),
    });
    return refuse(PROXY_DOWN, identity, endpoint);
  }
}

/** A refusal of the gateway's own, with the headers that the proxy gives its answers. */
function refuse(error: ErrorValue, identity: RequestIdentity, endpoint: DataPlaneEndpoint): Response {
  const response = errorResponse(error, identity.context.requestId, endpoint);
  for (const [name, value] of Object.entries(DATA_PLANE_ANSWER_HEADERS)) response.headers.set(name, value);
  stampHeaders(response.headers, identity);
  return response;
}

const NOT_A_KEY: ErrorValue = {
  code: "invalid_api_key",
  message: "Inference takes an API key (ag_live_…), not an access token. Create one with POST /v1/api-keys.",
};

const PROXY_DOWN: ErrorValue = {
  code: "service_unavailable",
  message: "The inference service does not answer; try again shortly.",
  retryAfterSeconds: 1,
};
