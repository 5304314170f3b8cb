import type { FailureHint } from "../adapter.ts";

/** Google tells a wrong key as 400, and how long to wait in the body: `"retryDelay": "13.5s"`. */
export function readFailure(status: number, text: string): FailureHint {
  if (status === 400 && /API_KEY_INVALID|API key (not valid|expired)/.test(text)) {
    return { outcome: "credential_rejected" };
  }
  const delay = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(text)?.[1];
  return delay === undefined ? {} : { retryAfterMs: Math.ceil(Number(delay) * 1_000) };
}
