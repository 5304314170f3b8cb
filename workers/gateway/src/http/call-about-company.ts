import type { Actor } from "@aggregator/contracts/actor";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Result } from "@aggregator/contracts/result";
import { call, idempotencyKeyOf } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { readJson } from "./read-json.ts";

/**
 * Does what an operator asks for about a company, once auth knows it; `not_found` else. A company's account opens
 * itself at its first use: billing, which knows no companies, would open one for any id, sign-up credit included.
 */
export async function callAboutCompany<Value>(
  c: GatewayContext,
  actor: Actor,
  companyId: string,
  work: () => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const known = await call(c, "auth", (context) => c.env.AUTH.adminGetCompany(context, actor, companyId));
  return known.ok ? work() : known;
}

/** As `callAboutCompany` for the `company_id` of the body; a body that names none is billing's to judge. */
export async function callAboutNamedCompany<Value>(
  c: GatewayContext,
  actor: Actor,
  work: (context: CallContext, input: unknown, key: string | null) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const key = idempotencyKeyOf(c);
  if (!key.ok) return key;
  const body = await readJson(c.req.raw);
  if (!body.ok) return body;
  const carryOut = () => call(c, "billing", (context) => work(context, body.value, key.value));
  const companyId = companyIn(body.value);
  return companyId === null ? carryOut() : callAboutCompany(c, actor, companyId, carryOut);
}

function companyIn(input: unknown): string | null {
  const named: unknown = typeof input === "object" && input !== null ? Reflect.get(input, "company_id") : null;
  return typeof named === "string" ? named : null;
}
