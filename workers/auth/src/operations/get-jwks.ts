import type { JwksView } from "@aggregator/contracts/auth";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { openKeyRing, publicJwk, SIGNING_ALGORITHM } from "../tokens/key-ring.ts";

/** Public keys of the signer: the active one and those that still verify (RFC 7517, RFC 8037). */
export async function getJwks(call: Call): Answer<JwksView> {
  const { publicKeys } = await openKeyRing(call);
  const keys = publicKeys.map(({ kid, x }) => ({ ...publicJwk(x), kid, alg: SIGNING_ALGORITHM, use: "sig" }));
  return ok({ keys });
}
