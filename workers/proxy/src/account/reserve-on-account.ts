import type { AccountExchange, Reservation, ReserveError, ReserveInput } from "@aggregator/contracts/account";
import { err, type ErrorValue, type Result } from "@aggregator/contracts/result";
import { DeadlineError, withDeadline } from "@aggregator/runtime/with-deadline";
import type { Env } from "../env.ts";
import type { ReserveReply } from "./account-channel.ts";
import { sendExchange, withChannel } from "./open-channel.ts";

/** Long after the request was refused for want of an answer: a hold that succeeds by then is released at once. */
const GIVE_UP_AFTER_MS = 10_000;

export type ReserveFailure =
  | ReserveError
  | (Pick<ReserveError, "requests" | "tokens"> & ErrorValue & { readonly code: "service_unavailable" });

/**
 * Reserves on the company's account within `timeoutMs`, grouped with others of this isolate, trying once more with a new stub where the
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
  const call = reserveByChannel(env, companyId, input);
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

async function reserveByChannel(env: Env, companyId: string, input: ReserveInput): Promise<ReserveReply> {
  const send = (items: AccountExchange) => sendExchange(env, companyId, items);
  const options = { giveUpAfterMs: GIVE_UP_AFTER_MS, mayRetry: isRetryable };
  const reply = await withChannel(companyId, (channel) => channel.reserve(input, send, options));
  if (reply === null) throw new DeadlineError(`no answer within ${GIVE_UP_AFTER_MS} ms`);
  return reply;
}

/** https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function isRetryable(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  return "retryable" in error && error.retryable === true && !("overloaded" in error && error.overloaded === true);
}
