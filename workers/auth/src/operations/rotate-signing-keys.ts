import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { activateKey, deleteRetiredKeys, insertWaitingKey, selectSigningKeys } from "../db/signing-keys.ts";
import { decideRotation } from "../domain/key-rotation.ts";
import { forgetKeyRing, makeSigningKey } from "../tokens/key-ring.ts";

/** Hourly: takes the signer's rotation one step further, where one is due. Nobody is logged out by it. */
export async function rotateSigningKeys(call: Call): Answer<void> {
  const rotation = decideRotation(await selectSigningKeys(call.db, call.nowMs), call.nowMs);
  if (rotation.kind === "publish") await insertWaitingKey(call.db, await makeSigningKey(call));
  if (rotation.kind === "activate") {
    await activateKey(call.db, rotation.active, rotation.next, rotation.retiresAtMs);
    call.log.info("signing_key_rotated", { request_id: call.context.requestId });
  }
  await deleteRetiredKeys(call.db, call.nowMs);
  if (rotation.kind !== "none") forgetKeyRing();
  return ok();
}
