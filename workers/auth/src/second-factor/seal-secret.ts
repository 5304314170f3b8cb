import { createSecretBox } from "@aggregator/runtime/secret-box";
import type { Call } from "../call.ts";

/** A TOTP secret as its row keeps it. */
export async function sealSecret(call: Call, memberId: string, secret: string): Promise<string> {
  const box = await createSecretBox(call.config.MASTER_KEY);
  return box.seal(secret, boundTo(memberId));
}

/** The secret of a row. Throws when it was altered or moved from another's. */
export async function openSecret(
  call: Call,
  row: { readonly memberId: string; readonly sealedSecret: string },
): Promise<string> {
  const box = await createSecretBox(call.config.MASTER_KEY);
  return box.open(row.sealedSecret, boundTo(row.memberId));
}

function boundTo(memberId: string): string {
  return `second_factors/${memberId}`;
}
