import type { Reservation } from "@aggregator/contracts/account";
import type { Usage } from "@aggregator/contracts/usage";
import type { Result } from "@aggregator/contracts/result";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { reserveOnAccount, type ReserveFailure } from "../account/reserve-on-account.ts";
import { boundRequest } from "../domain/bound-request.ts";
import { costAnew } from "../domain/cache-hit-charge.ts";
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
 * Holds the worst case of the request over its candidates on the company's account; of one that is answered
 * from the cache (`cachedUsage`: what the answer used), what the company's plan takes for that. Fails closed: a slow
 * or broken account is `service_unavailable`, and a hold that succeeds too late is released.
 */
export function reserveHold(
  call: InferenceCall,
  candidates: readonly [Candidate, ...Candidate[]],
  cachedUsage: Usage | null,
): Promise<Result<Reservation, ReserveFailure>> {
  const { caller, context, config, request } = call;
  const first = candidates[0].endpoint;
  const bound =
    cachedUsage === null
      ? boundRequest(
          request,
          candidates.map(({ endpoint }) => endpoint),
        )
      : { ...NOTHING_ASKED, holdNanoUsd: costAnew(cachedUsage, first), isCacheHit: true as const };
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

/** No provider is asked: no prompt is owed, no tokens are taken of a limit. */
const NOTHING_ASKED = { promptNanoUsd: 0, estimatedTokens: 0 };

/** The models that may serve, where there is more than one: each may have a markup of its own. */
function otherModels(candidates: readonly Candidate[]): { readonly models?: readonly string[] } {
  const models = [...new Set(candidates.map(({ endpoint }) => endpoint.model))];
  return models.length < 2 ? {} : { models };
}
