import { hashRecoveryCode, newRecoveryCodes, readRecoveryCode } from "../domain/recovery-code.ts";

export interface NewCodes {
  /** Shown once. */
  readonly codes: readonly string[];
  readonly hashes: readonly string[];
}

/** A member's new recovery codes with what is stored of them. */
export async function makeRecoveryCodes(memberId: string): Promise<NewCodes> {
  const codes = newRecoveryCodes();
  const hashes = await Promise.all(codes.map((code) => hashRecoveryCode(memberId, readRecoveryCode(code) ?? code)));
  return { codes, hashes };
}
