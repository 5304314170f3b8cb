import { ok, type ErrorValue, type Result } from "@aggregator/contracts/result";
import type { HeldBytes } from "../health/buffer-budget.ts";

/** A request whose body is counted while it is read. */
export interface HeldBody {
  readonly request: Request;
  /** True when the body was cut because there was no more room for it. */
  readonly isCut: () => boolean;
}

/** There is no room for the body now. Nothing was read, held or sent that would need undoing. */
export const NO_ROOM: ErrorValue = {
  code: "service_unavailable",
  message: "Too many large requests are being worked on here; try again shortly.",
  retryAfterSeconds: 1,
};

/**
 * Takes room for a request's body before it is read: all of it where its length is known, else what comes
 * as it comes. `service_unavailable`.
 */
export function holdBody(request: Request, buffers: HeldBytes): Result<HeldBody> {
  const declared = request.headers.get("content-length");
  if (declared !== null) {
    const hasRoom = buffers.take(Number(declared), Date.now());
    return hasRoom ? ok({ request, isCut: () => false }) : { ok: false, error: NO_ROOM };
  }
  if (request.body === null) return ok({ request, isCut: () => false });
  let isCut = false;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      isCut = !buffers.take(chunk.byteLength, Date.now());
      if (!isCut) return controller.enqueue(chunk);
      // At once: another body that is coming in may need just this room.
      buffers.end();
      controller.error(new Error("there is no room for the body"));
    },
  });
  return ok({
    request: new Request(request, { method: "POST", body: request.body.pipeThrough(counted) }),
    isCut: () => isCut,
  });
}
