import type { KeyPolicy, Principal } from "@aggregator/contracts/actor";
import type { CallContext } from "@aggregator/contracts/call-context";
import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";

/** The caller of the data plane: always a key, with what its requests share computed once. */
export interface Caller {
  readonly principal: Principal;
  readonly companyId: string;
  readonly key: KeyPolicy;
  /** Everything of the caller that a plan depends on; part of the plan cache's key. */
  readonly planScope: string;
}

/** What the gateway knows of a request. */
export interface RequestContext {
  readonly call: CallContext;
  readonly caller: Caller | null;
  readonly clientRequestId: string | null;
  readonly receivedAtMs: number;
}

const MAX_CALLERS = 2_000;
/** By header text, which the gateway keeps byte-identical per key. Oldest out first. */
const callers = new Map<string, Caller>();

/**
 * Reads the headers that the gateway set (it removes a client's own). `caller` is null for a caller
 * without a key. Throws when they are missing: then it was not the gateway that called.
 */
export function readContext(headers: Headers, now: number): RequestContext {
  const requestId = headers.get(CONTEXT_HEADERS.requestId);
  const principal = headers.get(CONTEXT_HEADERS.principal);
  const traceparent = headers.get(CONTEXT_HEADERS.traceparent);
  if (requestId === null || principal === null || traceparent === null) {
    throw new Error("the gateway's context headers are missing");
  }
  const receivedAt = Number(headers.get(CONTEXT_HEADERS.receivedAtMs) ?? now);
  return {
    call: { requestId, traceparent },
    caller: callerOf(principal),
    clientRequestId: headers.get(CONTEXT_HEADERS.clientRequestId),
    receivedAtMs: Number.isSafeInteger(receivedAt) ? receivedAt : now,
  };
}

function callerOf(header: string): Caller | null {
  const known = callers.get(header);
  if (known !== undefined) return known;
  const principal = trustedPrincipal(header);
  const { key, actor, company } = principal;
  if (key === null) return null;
  const caller: Caller = {
    principal,
    companyId: actor.companyId,
    key,
    planScope: JSON.stringify([
      actor.companyId,
      key.preferences,
      company.preferences,
      key.allowedModels,
      key.allowedProviders,
    ]),
  };
  if (callers.size >= MAX_CALLERS) {
    for (const oldest of callers.keys()) {
      callers.delete(oldest);
      break;
    }
  }
  callers.set(header, caller);
  return caller;
}

/** The gateway wrote this header from a typed value and is the only caller of this Worker, so it is not checked again. */
function trustedPrincipal(header: string): Principal {
  return JSON.parse(header) as Principal;
}
