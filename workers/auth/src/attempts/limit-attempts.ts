import { err, ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import type { Call } from "../call.ts";
import { networkOf } from "../domain/network.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Mails of one kind to one address, so that nobody can have somebody else's mailbox filled. */
const MAILS_PER_HOUR = 5;
/** Guesses of a code of six digits, of which three are good at a time: a year of them finds one in thirty. */
const CODES_PER_DAY = 30;

/**
 * Counts one attempt for the caller's network and, where there is one, for the e-mail that it names;
 * `rate_limit_exceeded` when either had its AUTH_RATE_LIMIT_PER_MINUTE. Before any hashing, and the same
 * whether the e-mail is known. Fails closed: a counter that does not answer is a defect, so 503.
 */
export async function limitAttempts(call: Call, email: string | null): Promise<Result<void>> {
  const subjects = [`network/${networkOf(call.context.clientIp ?? null)}`];
  if (email !== null) subjects.push(`email/${email}`);
  const limit = call.config.AUTH_RATE_LIMIT_PER_MINUTE;
  const waits = await Promise.all(subjects.map((subject) => take(call, subject, limit, MINUTE_MS)));
  return refusalOf(Math.max(...waits));
}

/** Whether one more mail of a kind may go to an address; counts it. */
export async function mayMail(call: Call, kind: string, email: string): Promise<boolean> {
  return (await take(call, `mail/${kind}/${email}`, MAILS_PER_HOUR, 60 * MINUTE_MS)) <= 0;
}

/** Counts one guess at a member's second factor; `rate_limit_exceeded` when it had CODES_PER_DAY. */
export async function limitCodes(call: Call, memberId: string): Promise<Result<void>> {
  return refusalOf(await take(call, codesOf(memberId), CODES_PER_DAY, DAY_MS));
}

/** After a right code: the guesses before it were the member's own. */
export async function forgetCodes(call: Call, memberId: string): Promise<void> {
  const { digest, limiter } = await counterOf(call, codesOf(memberId));
  await limiter.forget(digest);
}

function codesOf(memberId: string): string {
  return `codes/${memberId}`;
}

function refusalOf(waitMs: number): Result<void> {
  if (waitMs <= 0) return ok();
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return err("rate_limit_exceeded", `Too many attempts. Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}

async function take(call: Call, subject: string, limit: number, periodMs: number): Promise<number> {
  const { digest, limiter } = await counterOf(call, subject);
  return limiter.take(digest, limit, periodMs);
}

async function counterOf(call: Call, subject: string) {
  const digest = await sha256Hex(subject);
  // 256 objects: the first byte of the hash chooses.
  return { digest, limiter: call.attempts.getByName(`attempts/${digest.slice(0, 2)}`) };
}
