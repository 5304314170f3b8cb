import type { Plan, PlanErrorCode } from "@aggregator/contracts/orchestrator";
import type { ErrorValue, Result } from "@aggregator/contracts/result";
import { callDependency } from "@aggregator/runtime/call-dependency";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { disposeReply } from "../account/dispose-reply.ts";
import type { InferenceCall } from "./inference-call.ts";

export type PlanFailure = ErrorValue & { readonly code: PlanErrorCode };

/** Prices, credentials and kill switches are at most this stale. */
const MAX_AGE_MS = 4_000;
const MAX_PLANS = 2_000;
const plans = new Map<string, { readonly plan: Plan; readonly expiresAtMs: number }>();

/**
 * The endpoints that can serve the request, in order. Answers of the orchestrator are kept for 4 s per
 * caller and request shape; refusals are not kept, and no call is shared between requests (a promise of
 * a cancelled request never settles). Fails closed with `service_unavailable`.
 */
export async function planRequest(call: InferenceCall): Promise<Result<Plan, PlanFailure>> {
  const { request, caller, context } = call;
  const key = `${caller.planScope}${JSON.stringify([request.endpoint, request.models, request.preferences])}`;
  const now = Date.now();
  const known = plans.get(key);
  if (known !== undefined && known.expiresAtMs > now) return { ok: true, value: known.plan };
  const planned = await callDependency(
    "routing",
    call.config.planTimeoutMs,
    async () => {
      const reply = await call.env.ORCHESTRATOR.plan(context.call, {
        companyId: caller.companyId,
        endpoint: request.endpoint,
        models: request.models,
        preferences: [request.preferences, caller.key.preferences, caller.principal.company.preferences].filter(
          (item) => item !== null,
        ),
        allowedModels: caller.key.allowedModels,
        allowedProviders: caller.key.allowedProviders,
      });
      disposeReply(reply);
      return reply;
    },
    (error) =>
      call.config.log.error("plan_failed", {
        ...correlation(context.call),
        ...defectFields(error),
        dependency: "orchestrator",
      }),
  );
  if (planned.ok) remember(key, planned.value, now);
  return planned;
}

function remember(key: string, plan: Plan, now: number): void {
  plans.delete(key);
  if (plans.size >= MAX_PLANS) {
    for (const oldest of plans.keys()) {
      plans.delete(oldest);
      break;
    }
  }
  plans.set(key, { plan, expiresAtMs: now + MAX_AGE_MS });
}
