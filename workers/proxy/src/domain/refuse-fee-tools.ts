import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { ErrorValue } from "@aggregator/contracts/result";
import type { InferenceRequest, JsonObject } from "../endpoints/inference-request.ts";
import { isArray, isObject } from "../endpoints/read-field.ts";

/** Tools that run at the vendor for a fee beside the tokens: searches, containers, pictures. */
const FEE_TOOLS = /^(web_search|code_execution|code_interpreter|file_search|image_generation|local_shell|shell)/;

/**
 * `invalid_request` for a tool whose fee no price of ours covers: on the platform's credential it would be
 * spent and not charged. A company's own credential pays its vendor itself.
 */
export function refuseFeeTools(request: InferenceRequest, endpoint: PlannedEndpoint): ErrorValue | null {
  if (endpoint.credential.owner === "company") return null;
  const { body } = request;
  if (body["web_search_options"] !== undefined) return refusal("web_search_options");
  const { tools } = body;
  if (!isArray(tools)) return null;
  const index = tools.findIndex((tool) => isObject(tool) && isFeeTool(tool));
  return index < 0 ? null : refusal(`tools.${index}.type`);
}

function isFeeTool({ type }: JsonObject): boolean {
  return typeof type === "string" && FEE_TOOLS.test(type);
}

function refusal(param: string): ErrorValue {
  return {
    code: "invalid_request",
    message: `${param}: tools that the provider charges by use are available with your own provider credential only.`,
    param,
  };
}
