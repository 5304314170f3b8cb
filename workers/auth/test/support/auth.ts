import { env, exports } from "cloudflare:workers";
import type { Actor, Principal } from "@aggregator/contracts/actor";
import type { AuthApi, SessionView } from "@aggregator/contracts/auth";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Result } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";

/** The Worker as its callers reach it: over RPC. */
export const auth: AuthMethods = exports.default;
type AuthMethods = Pick<AuthApi, Exclude<keyof AuthApi, keyof Rpc.WorkerEntrypointBranded>>;

export const PASSWORD = "correct horse battery";

export function context(overrides: Partial<CallContext> = {}): CallContext {
  return {
    requestId: newId(),
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    clientIp: "203.0.113.7",
    ...overrides,
  };
}

let count = 0;
export function newEmail(): string {
  count += 1;
  return `owner-${count}-${crypto.randomUUID().slice(0, 8)}@example.com`;
}

/** The value of an answer that must be a success. */
export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

export interface Account {
  readonly email: string;
  readonly session: SessionView;
  readonly actor: Actor;
}

/** A new company, its owner signed in. */
export async function registerCompany(overrides: Readonly<Record<string, unknown>> = {}): Promise<Account> {
  const email = newEmail();
  const input = { name: "Example Ltd", email, password: PASSWORD, ...overrides };
  const session = valueOf(await auth.register(context(), input));
  return { email, session, actor: (await principal(session.access_token)).actor };
}

export async function principal(credential: string): Promise<Principal> {
  return valueOf(await auth.authenticate(context(), credential));
}

/** Signs in again, for a second session of the same member. */
export async function logIn(email: string): Promise<SessionView> {
  return valueOf(await auth.login(context(), { email, password: PASSWORD }));
}

/** Rows of a table, for what no answer shows. */
export async function rowsOf(sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  const { results } = await env.DB.prepare(sql)
    .bind(...values)
    .all();
  return results;
}

/** Actions in a company's audit log, oldest first. */
export async function actionsOf(companyId: string): Promise<unknown[]> {
  const rows = await rowsOf("SELECT action FROM audit_log WHERE company_id = ? ORDER BY id", companyId);
  return rows.map((row) => row["action"]);
}

/** Rows of a company's audit log of one action, oldest first. */
export function auditOf(companyId: string, action: string): Promise<Record<string, unknown>[]> {
  return rowsOf("SELECT * FROM audit_log WHERE company_id = ? AND action = ? ORDER BY id", companyId, action);
}
