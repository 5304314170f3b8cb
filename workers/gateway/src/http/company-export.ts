import type { Actor } from "@aggregator/contracts/actor";
import type { CompanySettingsView } from "@aggregator/contracts/companies";
import type { CallContext } from "@aggregator/contracts/call-context";
import type { Page } from "@aggregator/contracts/page";
import { ok, type Result } from "@aggregator/contracts/result";
import type { Env } from "../env.ts";
import { call, type Dependency } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";

type Read = (env: Env, context: CallContext, actor: Actor) => Promise<Result<unknown>>;
interface PageQuery {
  readonly limit: string;
  readonly cursor?: string;
}
type Section = readonly [string, Dependency, List];
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
  [
    "provider_preferences",
    "orchestrator",
    (env, context, actor) => env.ORCHESTRATOR.getProviderPreferences(context, actor),
  ],
  ["content_policy", "analytics", (env, context, actor) => env.ANALYTICS.contentPolicy(context, actor)],
];

/** What is read page by page, by the same lists as the API's: so with no secret in it. */
const LISTS: readonly Section[] = [
  ["members", "auth", (env, ...args) => env.AUTH.listMembers(...args)],
  ["roles", "auth", (env, ...args) => env.AUTH.listRoles(...args)],
  ["invitations", "auth", (env, ...args) => env.AUTH.listInvitations(...args)],
  ["api_keys", "auth", (env, ...args) => env.AUTH.listApiKeys(...args)],
  ["audit_log", "auth", (env, ...args) => env.AUTH.listAuditLog(...args)],
  ["budgets", "billing", (env, ...args) => env.BILLING.listBudgets(...args)],
  ["payments", "billing", (env, ...args) => env.BILLING.listPayments(...args)],
  ["statements", "billing", (env, ...args) => env.BILLING.listStatements(...args)],
  ["referrals", "billing", (env, ...args) => env.BILLING.referrals(...args)],
  ["payment_methods", "billing", (env, context, actor) => paymentMethods(env, context, actor)],
  ["provider_credentials", "orchestrator", (env, ...args) => env.ORCHESTRATOR.listProviderCredentials(...args)],
  ["webhooks", "notifications", (env, ...args) => env.NOTIFICATIONS.listWebhooks(...args)],
];

/** What grows with requests comes last: should there be too much, it is of these that the rest is missing. */
const LONG_LISTS: readonly Section[] = [
  ["transactions", "billing", (env, ...args) => env.BILLING.transactions(...args)],
  ["requests", "billing", (env, ...args) => env.BILLING.listRequests(...args)],
];

const PAGE_LIMIT = "100";
const DAY_MS = 86_400_000;
/** Whole days, and no more than analytics answers at once. */
const YEAR_MS = 364 * DAY_MS;
const GROUP_BY = "day,model,key";
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
  const missing: Progress["missing"] = [];
  yield line("company", company);
  for (const [section, dependency, read] of SINGLES) {
    const value = await call(c, dependency, (context) => read(c.env, context, actor));
    if (value.ok) yield line(section, value.value);
    else note(missing, section, value.error.code);
  }
  const progress: Progress = { pages: 0, missing };
  const webhookIds: string[] = [];
  for (const section of LISTS) {
    for await (const item of itemsOf(c, actor, section, progress)) {
      if (section[0] === "webhooks") webhookIds.push(...idsIn(item));
      yield line(section[0], item);
    }
  }
  const { receivedAtMs } = c.var.identity;
  const rest = [...webhookIds.map(deliveriesOf), ...usageSince(Date.parse(company.created_at), receivedAtMs)];
  for (const section of [...rest, ...LONG_LISTS]) {
    for await (const item of itemsOf(c, actor, section, progress)) yield line(section[0], item);
  }
  yield line("end", { is_complete: missing.length === 0, missing });
}

interface Progress {
  pages: number;
  readonly missing: { section: string; code: string }[];
}

/** All of a list, page by page; what of it is missing is noted. */
async function* itemsOf(
  c: GatewayContext,
  actor: Actor,
  [section, dependency, list]: Section,
  progress: Progress,
): AsyncGenerator<unknown, void, void> {
  let query: PageQuery | null = { limit: PAGE_LIMIT };
  while (query !== null) {
    if (progress.pages >= MAX_PAGES) {
      progress.missing.push({ section, code: "too_long" });
      return;
    }
    progress.pages += 1;
    const read: Result<Page<unknown>> = await readPage(c, actor, dependency, list, query);
    if (!read.ok) {
      note(progress.missing, section, read.error.code);
      return;
    }
    yield* read.value.data;
    const { nextCursor: cursor } = read.value;
    query = cursor === null ? null : { limit: PAGE_LIMIT, cursor };
  }
}

/** Where no payments are taken, their routes do not exist: nothing of them is missing. */
const OF_PAYMENTS: ReadonlySet<string> = new Set(["auto_topup", "payments", "payment_methods"]);

function note(missing: Progress["missing"], section: string, code: string): void {
  if (code === "not_found" && OF_PAYMENTS.has(section)) return;
  missing.push({ section, code });
}

/** Cards by brand and last digits. */
async function paymentMethods(env: Env, context: CallContext, actor: Actor): Promise<Result<Page<unknown>>> {
  const cards = await env.BILLING.listPaymentMethods(context, actor);
  return cards.ok ? ok({ data: cards.value.data, nextCursor: null }) : cards;
}

function deliveriesOf(webhookId: string): Section {
  return [
    "webhook_deliveries",
    "notifications",
    (env, context, actor, query) => env.NOTIFICATIONS.listWebhookDeliveries(context, actor, webhookId, query),
  ];
}

/** The rollups of each day, in as many years as the company is old: a question may span one. */
function usageSince(createdAtMs: number, nowMs: number): readonly Section[] {
  const sections: Section[] = [];
  for (let fromMs = createdAtMs - DAY_MS; fromMs < nowMs; fromMs += YEAR_MS) {
    const range = { from: dayOf(fromMs), to: dayOf(Math.min(fromMs + YEAR_MS, nowMs + DAY_MS)), group_by: GROUP_BY };
    sections.push([
      "usage",
      "analytics",
      (env, context, actor, q) => env.ANALYTICS.usage(context, actor, { ...q, ...range }),
    ]);
  }
  return sections;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function idsIn(item: unknown): readonly string[] {
  const id: unknown = typeof item === "object" && item !== null ? Reflect.get(item, "id") : null;
  return typeof id === "string" ? [id] : [];
}

function readPage(c: GatewayContext, actor: Actor, dependency: Dependency, list: List, query: PageQuery) {
  return call(c, dependency, (context) => list(c.env, context, actor, query));
}

function line(section: string, data: unknown): string {
  return `${JSON.stringify({ section, data })}\n`;
}
