import { err } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import type { Call } from "../call.ts";
import { insertOneTimeToken } from "../db/one-time-tokens.ts";
import { newMailToken } from "../domain/mail-token.ts";

/** Time to look for the phone. */
const LIFETIME_MS = 5 * 60_000;

/** How the first step of a login was proved. */
export type FirstFactor = "password" | "oidc";

/** The answer to a login whose first step was right: what its second step needs. Stored as a hash, good once. */
export async function challenge(call: Call, memberId: string, companyId: string, method: FirstFactor) {
  const challengeToken = newMailToken();
  await insertOneTimeToken(call.db, {
    tokenHash: await sha256Hex(challengeToken),
    kind: "mfa_challenge",
    memberId,
    data: { company_id: companyId, method },
    createdAtMs: call.nowMs,
    expiresAtMs: call.nowMs + LIFETIME_MS,
  });
  return err("mfa_required", "Send the code of your authenticator with this challenge to /v1/auth/mfa/verify.", {
    challengeToken,
  });
}
