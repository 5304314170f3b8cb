import type { Actor } from "./actor.ts";
import type { BudgetsApi } from "./budgets.ts";
import type { CallContext } from "./call-context.ts";
import type { JsonObject } from "./json.ts";
import type { AccountAccessApi } from "./key-access.ts";
import type { LedgerChecksApi } from "./ledger-checks.ts";
import type { Page } from "./page.ts";
import type { PaymentsApi } from "./payments.ts";
import type { PlansApi } from "./plans.ts";
import type { PricingApi } from "./pricing.ts";
import type { ProviderCostsApi } from "./provider-costs.ts";
import type { Answer } from "./result.ts";

export const ENTRY_KINDS = [
  "signup",
  "credit",
  "charge",
  "overrun",
  "refund",
  "dispute",
  "commission",
  "adjustment",
  "expiry",
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface BalanceView {
  readonly currency: "USD";
  readonly posted_nano_usd: number;
  readonly held_nano_usd: number;
  readonly available_nano_usd: number;
  /** `available_nano_usd` in USD, nine decimals. */
  readonly available: string;
}

/** One ledger entry; newest first in lists. Charges are negative. */
export interface TransactionView {
  readonly id: string;
  readonly request_id: string | null;
  readonly kind: EntryKind;
  readonly amount_nano_usd: number;
  readonly balance_after_nano_usd: number;
  readonly created_at: string;
  readonly description: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly metadata: JsonObject;
}

/** One request of the company's log: its receipt. */
export interface RequestView {
  readonly id: string;
  readonly state: "held" | "settled" | "released" | "expired";
  readonly endpoint: string;
  readonly requested_model: string;
  readonly model: string | null;
  readonly provider: string | null;
  readonly key_id: string;
  readonly stream: boolean;
  readonly status: number | null;
  readonly error_code: string | null;
  readonly usage: Readonly<Record<string, number>> | null;
  readonly usage_quality: string | null;
  readonly price_version: string | null;
  /** Whether it came to less than the minimum of its price version, and cost that. */
  readonly minimum_applied: boolean;
  /** Whose provider key served: `company` paid the provider itself and owes the fee alone. null where none served. */
  readonly credential_owner: "platform" | "company" | null;
  /** On what the provider takes, in basis points, as it was when the request began. */
  readonly markup_bps: number;
  readonly cost_nano_usd: number | null;
  readonly held_nano_usd: number;
  readonly latency_ms: number | null;
  readonly time_to_first_token_ms: number | null;
  readonly client_disconnected: boolean;
  readonly cache: string | null;
  readonly client_request_id: string | null;
  readonly attempts: readonly JsonObject[];
  readonly created_at: string;
  readonly finished_at: string | null;
}

/** Requests as they end. */
export interface RequestTail {
  /** Oldest first. */
  readonly data: readonly RequestView[];
  /** Where to go on from. */
  readonly position: number;
}

/** What an account told analytics again. */
export interface UsageRetold {
  readonly cells: number;
}

/** A company's money as people see it. Reads and writes only the actor's own account, except the admin operations. */
export interface BillingApi
  extends
    Rpc.WorkerEntrypointBranded,
    AccountAccessApi,
    BudgetsApi,
    LedgerChecksApi,
    PlansApi,
    PricingApi,
    ProviderCostsApi,
    PaymentsApi {
  balance(context: CallContext, actor: Actor): Answer<BalanceView>;
  transactions(context: CallContext, actor: Actor, query: unknown): Answer<Page<TransactionView>>;
  /** Searched by time, status, model, provider, key and cost; a page may be short, or empty, and still have a next one. */
  listRequests(context: CallContext, actor: Actor, query: unknown): Answer<Page<RequestView>>;
  /** Requests that ended after a position; null: none yet, and where to begin. */
  tailRequests(context: CallContext, actor: Actor, after: number | null): Answer<RequestTail>;
  getRequest(context: CallContext, actor: Actor, id: string): Answer<RequestView>;
  /** Asks a running request to stop; it ends well-formed at its next checkpoint. */
  cancelRequest(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** Tells the account that a key is dead: the very next reserve with it is refused, whatever a cache says. */
  revokeKey(context: CallContext, actor: Actor, keyId: string): Answer<void>;
  /** Platform admins only; idempotent by `idempotencyKey`. */
  grantCredit(
    context: CallContext,
    actor: Actor,
    companyId: string,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<TransactionView>;
  /** Platform admins only: the account tells analytics all of its usage again; repeating it changes nothing. */
  adminRetellUsage(context: CallContext, actor: Actor, companyId: string): Answer<UsageRetold>;
  health(context: CallContext): Answer<void>;
}
