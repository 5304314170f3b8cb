import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** A day on which a provider's own report differs from what the ledgers say that it cost. */
export interface ProviderFindingView {
  readonly id: string;
  /** UTC. */
  readonly day: string;
  readonly provider: string;
  /** What our requests cost there, by our count. */
  readonly ledger_nano_usd: number;
  /** What it says that it billed. */
  readonly provider_nano_usd: number;
  /** The report less the ledgers. */
  readonly difference_nano_usd: number;
  readonly found_at: string;
}

/** What providers bill against what we count, for operators: each needs a platform admin. */
export interface ProviderCostsApi {
  /** What the daily comparison found and still stands, newest day first. */
  providerFindings(context: CallContext, actor: Actor, query: unknown): Answer<Page<ProviderFindingView>>;
  /** Compares a day of the last thirty now; `not_found` where no report is configured. */
  reconcileProviders(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<Page<ProviderFindingView>>;
}
