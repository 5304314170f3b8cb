import type { Principal } from "@aggregator/contracts/actor";
import { correlation, type Logger } from "@aggregator/runtime/log";
import type { RequestIdentity } from "./request-identity.ts";

export interface AccessLine {
  readonly method: string;
  /** The route's pattern, never the raw path: paths may carry what a log must not. */
  readonly route: string;
  readonly status: number;
  readonly principal: Principal | null;
}

/** One line per request, at `warn` from status 500 on. `latency_ms` ends at the answer's headers; a stream's whole time is on its request record. */
export function logAccess(logger: Logger, identity: RequestIdentity, line: AccessLine, nowMs: number): void {
  const { principal } = line;
  // What failed on our side is kept whatever the sampling; a client's own error is on its own request record.
  logger[line.status >= 500 ? "warn" : "info"]("request", {
    ...correlation(identity.context),
    client_request_id: identity.clientRequestId,
    company_id: principal?.actor.companyId ?? null,
    key_id: principal?.actor.keyId ?? null,
    member_id: principal?.actor.memberId ?? null,
    method: line.method,
    route: line.route,
    status: line.status,
    latency_ms: nowMs - identity.receivedAtMs,
  });
}
