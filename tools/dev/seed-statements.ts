import { hash } from "bcryptjs";
import { newId } from "../../packages/runtime/src/new-id.ts";
import { buildCatalogue } from "../catalogue/build-catalogue.ts";
import { catalogueSql } from "../catalogue/catalogue-sql.ts";
import { adminSql } from "../admin-create.ts";
import type { Instance } from "./state.ts";

const BCRYPT_COST = 10;

/**
 * What a new instance needs before it can be asked anything, by database: its operator, whom no API
 * can make, and the catalogue of models and prices, whose providers are off until their key comes: what
 * `/v1/models` lists is what can be called. Running it again changes nothing but prices that are new in
 * the book.
 */
export async function seedStatements(instance: Instance): Promise<Readonly<Record<string, readonly string[]>>> {
  const { email, password } = instance.admin;
  const nowMs = Date.now();
  const admin = adminSql({
    email,
    passwordHash: await hash(password, BCRYPT_COST),
    name: "Platform",
    nowMs,
    ids: { companyId: newId(), memberId: newId(), auditId: newId(), referralCode: newId().slice(-10) },
  });
  return {
    "aggregator-orchestrator": await catalogueSql(buildCatalogue(), nowMs),
    "aggregator-auth": admin.split(/;\n/u).filter((statement) => statement.trim() !== ""),
  };
}
