import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import { AgingMap } from "./aging-map.ts";
import type { RoutingRuleRow } from "./db/routing-rules.ts";
import type { ModelCandidates } from "./domain/candidate.ts";
import type { CompanyRouting } from "./domain/company-routing.ts";

/**
 * The proxy keeps plans for 4 s; one second more here keeps a switched-off provider within the 5 s that
 * are promised, and still gives many keys that ask for one model a single read.
 */
const MAX_AGE_MS = 1_000;
const MAX_MODELS = 2_000;
const MAX_COMPANIES = 5_000;
const MAX_LIST_AGE_MS = 10_000;
const LIST = "";

/** Rows in the memory of the isolate; credentials in them are sealed. Unknown models are not kept. */
export class CatalogueCache {
  readonly models = new AgingMap<ModelCandidates>(MAX_AGE_MS, MAX_MODELS);
  /** What aliases stand for. */
  readonly aliases = new AgingMap<readonly string[]>(MAX_AGE_MS, MAX_MODELS);
  /** Also companies that said nothing: most of them. */
  readonly companies = new AgingMap<CompanyRouting>(MAX_AGE_MS, MAX_COMPANIES);

  readonly #rules = new AgingMap<readonly RoutingRuleRow[]>(MAX_AGE_MS, 1);
  readonly #lists = new AgingMap<readonly PublicModelView[]>(MAX_LIST_AGE_MS, 1);

  /** The public list. */
  list(nowMs: number): readonly PublicModelView[] | undefined {
    return this.#lists.get(LIST, nowMs);
  }

  putList(views: readonly PublicModelView[], nowMs: number): void {
    this.#lists.put(LIST, views, nowMs);
  }

  /** All rules. */
  rules(nowMs: number): readonly RoutingRuleRow[] | undefined {
    return this.#rules.get(LIST, nowMs);
  }

  putRules(rows: readonly RoutingRuleRow[], nowMs: number): void {
    this.#rules.put(LIST, rows, nowMs);
  }

  /** After a change by an operator: this isolate sees it at once, others within the second. */
  clear(): void {
    this.models.clear();
    this.aliases.clear();
    this.#lists.clear();
    this.#rules.clear();
  }
}
