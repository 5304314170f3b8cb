import { err, ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import type { Call } from "../call.ts";
import { networkOf } from "../domain/network.ts";

/**
 * Counts one attempt for the caller's network and, where there is one, for the e-mail that it names;
 * `rate_limit_exceeded` when either had its AUTH_RATE_LIMIT_PER_MINUTE. Before any hashing, and the same
 * whether the e-mail is known. Fails closed: a counter that does not answer is a defect, so 503.
 */
export async function limitAttempts(call: Call, email: string | null): Promise<Result<void>> {
  const subjects = [`network/${networkOf(call.context.clientIp ?? null)}`];
  if (email !== null) subjects.push(`email/${email}`);
  const waits = await Promise.all(subjects.map((subject) => take(call, subject)));
  const waitMs = Math.max(...waits);
  if (waitMs <= 0) return ok();
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return err("rate_limit_exceeded", `Too many attempts. Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}

async function take(call: Call, subject: string): Promise<number> {
  const digest = await sha256Hex(subject);
  // 256 objects: the first byte of the hash chooses.
  const limiter = call.attempts.getByName(`attempts/${digest.slice(0, 2)}`);
  return limiter.take(digest, call.config.AUTH_RATE_LIMIT_PER_MINUTE);
}
