import type { Ending } from "@aggregator/contracts/account";
import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { RequestRecord } from "@aggregator/contracts/request-record";
import { correlation } from "@aggregator/runtime/log";
import { submitEnding } from "../account/submit-ending.ts";
import type { MeteredCharge } from "../meter/meter.ts";
import type { RequestEnd } from "../telemetry/request-end.ts";
import type { InferenceCall } from "./inference-call.ts";

/** How a request ended, as far as its record needs it. */
export interface Outcome {
  readonly status: number;
  readonly errorCode: string | null;
  readonly finishReason: string | null;
  readonly clientDisconnected: boolean;
}

/** Ends a request that is charged. Resolves when the account has it; never rejects. */
export async function settle(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  charge: MeteredCharge,
  outcome: Outcome,
): Promise<void> {
  await submit(call, {
    kind: "settle",
    requestId: call.context.call.requestId,
    costNanoUsd: charge.costNanoUsd,
    priceNanoUsd: charge.priceNanoUsd,
    usageQuality: charge.quality,
    record: {
      ...recordOf(call, outcome),
      provider: endpoint.provider,
      model: endpoint.model,
      usage: charge.usage,
      usageQuality: charge.quality,
      priceVersion: endpoint.price.id,
      credentialOwner: endpoint.credential.owner,
      ...(charge.minimumApplied === true ? { minimumApplied: true } : {}),
    },
  });
}

/** Ends a request that the company does not pay for. Resolves when the account has it; never rejects. */
export async function release(call: InferenceCall, outcome: Outcome): Promise<void> {
  await submit(call, { kind: "release", requestId: call.context.call.requestId, record: recordOf(call, outcome) });
}

/** The record of a request that no provider served. */
export function recordOf(call: InferenceCall, outcome: Outcome): RequestRecord {
  return {
    status: outcome.status,
    errorCode: outcome.errorCode,
    provider: null,
    model: null,
    attempts: call.attempts,
    usage: null,
    usageQuality: "reported",
    priceVersion: null,
    finishReason: outcome.finishReason,
    latencyMs: Math.max(0, Date.now() - call.context.receivedAtMs),
    timeToFirstTokenMs: call.timing.timeToFirstTokenMs,
    clientDisconnected: outcome.clientDisconnected,
    cache: call.cache?.state ?? "off",
    clientRequestId: call.context.clientRequestId,
  };
}

function endOf(ending: Exclude<Ending, { kind: "dispatched" }>): RequestEnd {
  const { status, errorCode, provider, model, usage, finishReason, clientDisconnected } = ending.record;
  const amounts =
    ending.kind === "settle"
      ? { priceNanoUsd: ending.priceNanoUsd, costNanoUsd: ending.costNanoUsd }
      : { priceNanoUsd: 0, costNanoUsd: 0 };
  return { status, errorCode, provider, model, usage, finishReason, clientDisconnected, ...amounts };
}

async function submit(call: InferenceCall, ending: Exclude<Ending, { kind: "dispatched" }>): Promise<void> {
  const startedAtMs = Date.now();
  call.timing.settleStartedAtMs = startedAtMs;
  call.end = endOf(ending);
  const outcome = await submitEnding(call.env, call.caller.companyId, ending);
  call.timing.settleMs = Date.now() - startedAtMs;
  if (outcome === "applied" || outcome === "repeated") return;
  call.config.log.error("ending_not_applied", {
    ...correlation(call.context.call),
    company_id: call.caller.companyId,
    operation: ending.kind,
    outcome: outcome ?? "undelivered",
  });
}
