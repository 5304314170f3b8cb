import type { Actor } from "@aggregator/contracts/actor";
import type { CompanySettingsView } from "@aggregator/contracts/companies";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Page } from "@aggregator/contracts/page";
import type { Result } from "@aggregator/contracts/result";
import type { Env } from "../env.ts";
import { call, type Dependency } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";

type Read = (env: Env, context: CallContext, actor: Actor) => Promise<Result<unknown>>;
interface PageQuery {
  readonly limit: string;
  readonly cursor?: string;
}
type List = (env: Env, context: CallContext, actor: Actor, query: PageQuery) => Promise<Result<Page<unknown>>>;

/** What is one object. */
const SINGLES: readonly (readonly [string, Dependency, Read])[] = [
  ["balance", "billing", (env, context, actor) => env.BILLING.balance(context, actor)],
  ["subscription", "billing", (env, context, actor) => env.BILLING.subscription(context, actor)],
  ["low_balance_alert", "billing", (env, context, actor) => env.BILLING.lowBalanceAlert(context, actor)],
  ["auto_topup", "billing", (env, context, actor) => env.BILLING.autoTopup(context, actor)],
  [
    "notification_preferences",
    "notifications",
    (env, context, actor) => env.NOTIFICATIONS.getPreferences(context, actor),
  ],
];

/** What is read page by page, by the same lists as the API's: so with no secret in it. */
const LISTS: readonly (readonly [string, Dependency, List])[] = [
  ["members", "auth", (env, ...args) => env.AUTH.listMembers(...args)],
  ["roles", "auth", (env, ...args) => env.AUTH.listRoles(...args)],
  ["invitations", "auth", (env, ...args) => env.AUTH.listInvitations(...args)],
  ["api_keys", "auth", (env, ...args) => env.AUTH.listApiKeys(...args)],
  ["audit_log", "auth", (env, ...args) => env.AUTH.listAuditLog(...args)],
  ["budgets", "billing", (env, ...args) => env.BILLING.listBudgets(...args)],
  ["payments", "billing", (env, ...args) => env.BILLING.listPayments(...args)],
  ["statements", "billing", (env, ...args) => env.BILLING.listStatements(...args)],
  ["referrals", "billing", (env, ...args) => env.BILLING.referrals(...args)],
  ["transactions", "billing", (env, ...args) => env.BILLING.transactions(...args)],
  ["requests", "billing", (env, ...args) => env.BILLING.listRequests(...args)],
  ["webhooks", "notifications", (env, ...args) => env.NOTIFICATIONS.listWebhooks(...args)],
];

const PAGE_LIMIT = "100";
/** A Worker may make 1,000 calls per request on the paid plan; some are left for the other sections. */
const MAX_PAGES = 900;

/**
 * A copy of all that a company has, one JSON object a line, made as it is read. The last line says what
 * is missing, so that no half of an archive passes for all of it.
 */
export async function* exportParts(
  c: GatewayContext,
  actor: Actor,
  company: CompanySettingsView,
): AsyncGenerator<string, void, void> {
  const missing: { section: string; code: string }[] = [];
  yield line("company", company);
  for (const [section, dependency, read] of SINGLES) {
    const value = await call(c, dependency, (context) => read(c.env, context, actor));
    if (value.ok) yield line(section, value.value);
    else missing.push({ section, code: value.error.code });
  }
  let pages = 0;
  for (const [section, dependency, list] of LISTS) {
    let query: PageQuery | null = { limit: PAGE_LIMIT };
    while (query !== null) {
      const read: Result<Page<unknown>> = await readPage(c, actor, dependency, list, query);
      pages += 1;
      if (!read.ok) missing.push({ section, code: read.error.code });
      if (read.ok && read.value.data.length > 0) yield read.value.data.map((item) => line(section, item)).join("");
      const cursor: string | null = read.ok ? read.value.nextCursor : null;
      query = cursor === null ? null : { limit: PAGE_LIMIT, cursor };
      if (query === null || pages < MAX_PAGES) continue;
      missing.push({ section, code: "too_long" });
      query = null;
    }
  }
  yield line("end", { is_complete: missing.length === 0, missing });
}

function readPage(c: GatewayContext, actor: Actor, dependency: Dependency, list: List, query: PageQuery) {
  return call(c, dependency, (context) => list(c.env, context, actor, query));
}

function line(section: string, data: unknown): string {
  return `${JSON.stringify({ section, data })}\n`;
}
