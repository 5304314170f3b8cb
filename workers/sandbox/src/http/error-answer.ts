import type { Scenario } from "../domain/scenario.ts";

const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "invalid_request_error",
  429: "rate_limit_error",
};

/** An error in OpenAI's shape. */
export function errorBody(status: number, message: string, param: string | null = null): unknown {
  const code = status === 429 ? "rate_limit_exceeded" : status === 404 ? "not_found" : null;
  return { error: { message, type: TYPES[status] ?? "server_error", param, code } };
}

/** A request that the sandbox cannot read. */
export function refuse(status: number, message: string, param: string | null = null): Response {
  return Response.json(errorBody(status, message, param), { status });
}

/** The refusal that the scenario asks for. */
export function refuseAsAsked(status: number, scenario: Scenario): Response {
  const headers: Record<string, string> =
    scenario.retry_after === undefined ? {} : { "retry-after": String(scenario.retry_after) };
  return Response.json(errorBody(status, faultMessage(scenario, status)), { status, headers });
}

/** What an error says: as asked, or that it was asked for. */
export function faultMessage(scenario: Scenario, status: number): string {
  return scenario.message ?? `The sandbox was asked for an error ${status}.`;
}
