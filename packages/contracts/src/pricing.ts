import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** What a company's requests of a period were charged, and would have been under another price book. */
export interface RerateView {
  readonly company_id: string;
  /** Requests that were charged. */
  readonly requests: number;
  /** Of these, what the price book rates. The others count with what they were charged. */
  readonly rated_requests: number;
  readonly charged_nano_usd: number;
  readonly rated_nano_usd: number;
  /** `rated_nano_usd` less `charged_nano_usd`. */
  readonly difference_nano_usd: number;
  /** False: the next page begins with the rest of this company, to be added. */
  readonly is_complete: boolean;
}

/** A markup that is not the plan's. The most specific is in force: of a company and a model, a company, a model. */
export interface MarkupOverrideView {
  /** null: every company. */
  readonly company_id: string | null;
  /** Id of a model of the catalogue; null: every model. */
  readonly model: string | null;
  /** On what providers take, in basis points. */
  readonly markup_bps: number;
  readonly updated_at: string;
}

/** Prices, for operators: each needs a platform admin. */
export interface PricingApi {
  /** A dry run: rates the requests that began in a period under another price book, company by company. Changes nothing. */
  rerate(context: CallContext, actor: Actor, input: unknown): Answer<Page<RerateView>>;
  listMarkupOverrides(context: CallContext, actor: Actor, query: unknown): Answer<Page<MarkupOverrideView>>;
  /** In force for requests reserved from then on; those that run keep theirs. Safe to repeat. */
  setMarkupOverride(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<MarkupOverrideView>;
  /** `not_found` where there is none of this company and model. */
  deleteMarkupOverride(context: CallContext, actor: Actor, query: unknown, idempotencyKey: string | null): Answer<void>;
}
