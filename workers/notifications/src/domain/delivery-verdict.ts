import { secondsToNextAttempt } from "./retry-schedule.ts";

/** What one attempt came to: the receiver's status, or why there is none. */
export interface AttemptResult {
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

export type Verdict =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly delaySeconds: number }
  | { readonly kind: "failed"; readonly disableReason: string | null };

export interface DeliveryHistory {
  /** This attempt included. */
  readonly attempts: number;
  readonly createdAtMs: number;
  /** The webhook's last success with any delivery. */
  readonly lastSuccessAtMs: number | null;
}

const GONE = 410;

/**
 * What follows from an attempt. 2xx is delivered; 410 says that the receiver is gone, so the webhook
 * is switched off; anything else is tried again for a day. A webhook that took nothing in all that day
 * is switched off too.
 */
export function judgeAttempt(result: AttemptResult, history: DeliveryHistory): Verdict {
  if (result.status !== null && result.status >= 200 && result.status < 300) return { kind: "delivered" };
  if (result.status === GONE) return { kind: "failed", disableReason: "the receiver answered 410 Gone" };
  const delaySeconds = secondsToNextAttempt(history.attempts);
  if (delaySeconds !== null) return { kind: "retry", delaySeconds };
  const tookNothing = history.lastSuccessAtMs === null || history.lastSuccessAtMs < history.createdAtMs;
  return { kind: "failed", disableReason: tookNothing ? "nothing was delivered for 24 hours" : null };
}
