import type { Reservation } from "@aggregator/contracts/account";
import type { Result } from "@aggregator/contracts/result";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { reserveOnAccount, type ReserveFailure } from "../account/reserve-on-account.ts";
import { boundRequest } from "../domain/bound-request.ts";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import type { Candidate } from "./failover.ts";
import type { InferenceCall } from "./inference-call.ts";
import { release, type Outcome } from "./settle.ts";

const LATE: Outcome = {
  status: 503,
  errorCode: "service_unavailable",
  finishReason: null,
  clientDisconnected: false,
};

/**
 * Holds the worst case of the request over its candidates on the company's account. Fails closed: a slow
 * or broken account is `service_unavailable`, and a hold that succeeds too late is released.
 */
export function reserveHold(
  call: InferenceCall,
  candidates: readonly [Candidate, ...Candidate[]],
  request: InferenceRequest = call.request,
): Promise<Result<Reservation, ReserveFailure>> {
  const { caller, context, config } = call;
  const bound = boundRequest(
    request,
    candidates.map((candidate) => candidate.endpoint),
  );
  const first = candidates[0].endpoint;
  return reserveOnAccount(
    call.env,
    caller.companyId,
    {
      requestId: context.call.requestId,
      idempotency: call.idempotency,
      keyId: caller.key.keyId,
      memberId: caller.principal.actor.memberId,
      ...bound,
      leaseMs: config.leaseMs,
      keyLimits: caller.key.rateLimits,
      companyLimits: caller.principal.company.rateLimits,
      keyBudget: caller.key.budget,
      subject: {
        endpoint: request.endpoint,
        requestedModel: request.models[0] ?? first.model,
        provider: first.provider,
        model: first.model,
        priceVersion: first.price.id,
        credentialOwner: first.credential.owner,
        stream: request.stream,
      },
      ...otherModels(candidates),
    },
    config.reserveTimeoutMs,
    {
      onFailure: (error) =>
        config.log.error("reserve_failed", {
          ...correlation(context.call),
          ...defectFields(error),
          dependency: "billing",
        }),
      onLate: (reserved) =>
        call.waitUntil(reserved.then((didReserve) => (didReserve ? release(call, LATE) : undefined))),
    },
  );
}

/** The models that may serve, where there is more than one: each may have a markup of its own. */
function otherModels(candidates: readonly Candidate[]): { readonly models?: readonly string[] } {
  const models = [...new Set(candidates.map(({ endpoint }) => endpoint.model))];
  return models.length < 2 ? {} : { models };
}
