import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import type { Person } from "../domain/own-account.ts";
import { readAccessToken } from "../tokens/access-token.ts";

/** The id of the session that asks, from the access token that the person sent; `invalid_token` unless it is the person's. */
export async function currentSessionOf(call: Call, person: Person, credential: string): Promise<Result<string>> {
  const claims = await readAccessToken(call, credential);
  if (claims !== null && claims.memberId === person.memberId) return ok(claims.sessionId);
  return err("invalid_token", "The access token is not valid or its session has ended. Log in again.");
}
