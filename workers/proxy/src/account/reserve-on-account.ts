import type { Reservation, ReserveError, ReserveInput } from "@aggregator/contracts/account";
import { err, type ErrorValue, type Result } from "@aggregator/contracts/result";
import { withDeadline } from "@aggregator/runtime/with-deadline";
import type { Env } from "../env.ts";
import { disposeReply } from "./dispose-reply.ts";

export type ReserveFailure =
  | ReserveError
  | (Pick<ReserveError, "requests" | "tokens"> & ErrorValue & { readonly code: "service_unavailable" });

/**
 * Reserves on the company's account within `timeoutMs`, trying once more with a new stub where the
 * platform says that may help (idempotent by request id). Fails closed with `service_unavailable`; then
 * `onLate` gets the call that still runs (true: it did reserve), so that the hold can be released.
 */
export async function reserveOnAccount(
  env: Env,
  companyId: string,
  input: ReserveInput,
  timeoutMs: number,
  handlers: { readonly onFailure: (error: unknown) => void; readonly onLate: (reserved: Promise<boolean>) => void },
): Promise<Result<Reservation, ReserveFailure>> {
  const call = reserveWithRetry(env, companyId, input);
  try {
    return await withDeadline(call, timeoutMs);
  } catch (error) {
    handlers.onFailure(error);
    handlers.onLate(
      call.then(
        (result) => result.ok,
        () => false,
      ),
    );
    return err("service_unavailable", "The account service does not answer; try again shortly.", {
      retryAfterSeconds: 1,
    });
  }
}

async function reserveWithRetry(
  env: Env,
  companyId: string,
  input: ReserveInput,
): Promise<Result<Reservation, ReserveError>> {
  try {
    return await reserve(env, companyId, input);
  } catch (error) {
    if (!isRetryable(error)) throw error;
    return reserve(env, companyId, input);
  }
}

async function reserve(env: Env, companyId: string, input: ReserveInput): Promise<Result<Reservation, ReserveError>> {
  const reply = await env.COMPANY_ACCOUNT.getByName(companyId).reserve(input);
  disposeReply(reply);
  return reply;
}

/** https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function isRetryable(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  return "retryable" in error && error.retryable === true && !("overloaded" in error && error.overloaded === true);
}
