import { err, ok, type Result } from "@aggregator/contracts/result";
import { forgetCodes, limitCodes } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { findSecondFactor, useRecoveryCode, useStep } from "../db/second-factors.ts";
import { hashRecoveryCode, readRecoveryCode } from "../domain/recovery-code.ts";
import { isTotpCode, stepOf } from "../domain/totp.ts";
import { openSecret } from "./seal-secret.ts";

export const WRONG_CODE = err("invalid_credentials", "code: is not the code of now, or was used already", {
  param: "code",
});

/**
 * Uses up a code of a member's authenticator or one of its recovery codes. Each is good once, also for two
 * requests at the same time, and no code of a step before one that was used is taken.
 * `invalid_credentials`; `rate_limit_exceeded` before anything is looked at.
 */
export async function useCode(call: Call, memberId: string, text: string): Promise<Result<void>> {
  const allowed = await limitCodes(call, memberId);
  if (!allowed.ok) return allowed;
  const code = text.trim();
  const isRight = isTotpCode(code) ? await isTotp(call, memberId, code) : await isRecoveryCode(call, memberId, code);
  if (!isRight) return WRONG_CODE;
  await forgetCodes(call, memberId);
  return ok();
}

async function isTotp(call: Call, memberId: string, code: string): Promise<boolean> {
  const factor = await findSecondFactor(call.db, memberId);
  if (factor === undefined || factor.confirmedAtMs === null) return false;
  const step = stepOf(await openSecret(call, factor), code, call.nowMs);
  return step !== null && useStep(call.db, memberId, step);
}

async function isRecoveryCode(call: Call, memberId: string, code: string): Promise<boolean> {
  const digits = readRecoveryCode(code);
  return digits !== null && useRecoveryCode(call.db, memberId, await hashRecoveryCode(memberId, digits));
}
