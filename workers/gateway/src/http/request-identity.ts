import type { CallContext } from "@aggregator/contracts/call-context";
import type { ErrorValue } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import type { OpenSpan } from "@aggregator/runtime/tracer";
import { traceparentOf } from "@aggregator/runtime/traceparent";
import type { GatewayTracer } from "../telemetry/tracer.ts";

const CLIENT_REQUEST_ID = /^[A-Za-z0-9_.:-]{1,128}$/;

/** Who a request is, before anybody knows whose it is. */
export interface RequestIdentity {
  /** Ours alone; travels with every call that this request causes. */
  readonly context: CallContext & { readonly clientIp: string | null };
  /** The client's own id: echoed and logged, never a key. null when absent or malformed. */
  readonly clientRequestId: string | null;
  readonly receivedAtMs: number;
  /** The request's own span; null when it is not traced. */
  readonly span: OpenSpan | null;
  /** Set when the client's id is malformed: the request is to be refused with it. */
  readonly problem: ErrorValue | null;
}

/** Gives a request its id (UUIDv7, never the client's) and its trace. `cf-connecting-ip` is set by the edge. */
export function identify(headers: Headers, nowMs: number, tracer: GatewayTracer | null): RequestIdentity {
  const sent = headers.get("x-client-request-id");
  const wellFormed = sent === null || CLIENT_REQUEST_ID.test(sent);
  const received = traceparentOf(headers.get("traceparent"));
  const traced = tracer === null ? { span: null, traceparent: received } : tracer.beginRequest(received, nowMs);
  return {
    context: {
      requestId: newId(),
      traceparent: traced.traceparent,
      clientIp: headers.get("cf-connecting-ip"),
    },
    clientRequestId: wellFormed ? sent : null,
    receivedAtMs: nowMs,
    span: traced.span,
    problem: wellFormed ? null : MALFORMED_ID,
  };
}

const MALFORMED_ID: ErrorValue = {
  code: "invalid_request",
  message: "x-client-request-id must be 1 to 128 characters out of A-Z a-z 0-9 _ . : -",
  param: "x-client-request-id",
};
