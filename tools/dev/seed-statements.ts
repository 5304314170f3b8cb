import { hash } from "bcryptjs";
import { newId } from "../../packages/runtime/src/new-id.ts";
import { adminSql } from "../admin-create.ts";
import type { Instance } from "./state.ts";

const BCRYPT_COST = 10;

/**
 * What a new instance needs before it can be asked anything, by database: its operator, whom no API
 * can make, and the catalogue of models and prices. Running it again changes nothing.
 */
export async function seedStatements(instance: Instance): Promise<Readonly<Record<string, readonly string[]>>> {
  const { email, password } = instance.admin;
  const admin = adminSql({
    email,
    passwordHash: await hash(password, BCRYPT_COST),
    name: "Platform",
    nowMs: Date.now(),
    ids: { companyId: newId(), memberId: newId(), auditId: newId(), referralCode: newId().slice(-10) },
  });
  return { "aggregator-auth": admin.split(/;\n/u).filter((statement) => statement.trim() !== "") };
}
