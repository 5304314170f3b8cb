import type { DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Caller } from "../http/context.ts";

/** Inference needs an API key with `inference:create` whose policy allows the endpoint. `permission_denied`. */
export function checkCaller(caller: Caller | null, endpoint: DataPlaneEndpoint): Result<Caller> {
  if (caller === null) return err("permission_denied", "This endpoint needs an API key.");
  if (!caller.principal.actor.permissions.includes("inference:create")) {
    return err("permission_denied", "This API key lacks the permission inference:create.");
  }
  const { allowedEndpoints } = caller.key;
  if (allowedEndpoints !== null && !allowedEndpoints.some((prefix) => endpoint.startsWith(prefix))) {
    return err("permission_denied", `This API key may not call ${endpoint}.`);
  }
  return ok(caller);
}
