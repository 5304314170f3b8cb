import { compare, hash } from "bcryptjs";
import { fitsBcrypt } from "../domain/fields.ts";

const COST = 10;
/** Of a random password that nobody has: what an unknown e-mail's password is compared with, so that it takes as long. */
const NOBODYS_HASH = "$2b$10$8rVCb1yqgDJjQTDY90d68.azgUwxdOsktfl63aXDl4SK4.qFQIjbC";

/** bcrypt at cost 10: about 125 ms of CPU. The caller limits attempts first. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Whether the password is the one of the hash. Takes as long when there is no hash, or when no hash could match. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const matches = await compare(password, passwordHash ?? NOBODYS_HASH);
  return matches && passwordHash !== null && fitsBcrypt(password);
}
