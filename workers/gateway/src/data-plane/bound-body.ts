import { err, ok, type ErrorValue, type Result } from "@aggregator/contracts/result";

export interface BoundedBody {
  /** The request's own stream, or one that breaks off where the limit is passed. */
  readonly body: ReadableStream | null;
  readonly exceeded: () => boolean;
  readonly tooLarge: ErrorValue;
}

/**
 * The body, held to `maxBytes` without being read here. With a `content-length` the server has framed
 * the body to it, so the header decides; without one the bytes are counted as they pass. Both a length
 * and chunks (RFC 9112 6.3: a smuggling attempt) is `invalid_request`; over the limit `request_too_large`.
 */
export function boundBody(request: Request, maxBytes: number): Result<BoundedBody> {
  const declared = request.headers.get("content-length");
  const tooLarge = tooLargeError(maxBytes);
  if (declared === null) {
    if (request.body === null) return ok({ body: null, exceeded: never, tooLarge });
    const counter = countingStream(maxBytes);
    return ok({ body: request.body.pipeThrough(counter.stream), exceeded: counter.exceeded, tooLarge });
  }
  if (request.headers.has("transfer-encoding") || !/^\d+$/.test(declared)) {
    return err("invalid_request", "The request has a content-length that is ambiguous.", { param: "content-length" });
  }
  if (Number(declared) > maxBytes) return { ok: false, error: tooLarge };
  return ok({ body: request.body, exceeded: never, tooLarge });
}

function countingStream(maxBytes: number): {
  readonly stream: TransformStream<Uint8Array, Uint8Array>;
  readonly exceeded: () => boolean;
} {
  let seen = 0;
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > maxBytes) controller.error(new Error("the request body is over its limit"));
      else controller.enqueue(chunk);
    },
  });
  return { stream, exceeded: () => seen > maxBytes };
}

function tooLargeError(maxBytes: number): ErrorValue {
  return { code: "request_too_large", message: `The request body is larger than the limit of ${maxBytes} bytes.` };
}

function never(): boolean {
  return false;
}
