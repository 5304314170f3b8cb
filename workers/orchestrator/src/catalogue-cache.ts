import type { PublicModelView } from "@aggregator/contracts/orchestrator";
import type { ModelCandidates } from "./domain/candidate.ts";

/**
 * The proxy keeps plans for 4 s; one second more here keeps a switched-off provider within the 5 s that
 * are promised, and still gives many keys that ask for one model a single read.
 */
const MAX_AGE_MS = 1_000;
const MAX_MODELS = 2_000;
const MAX_LIST_AGE_MS = 10_000;

/** Catalogue rows in the memory of the isolate; credentials in them are sealed. Unknown models are not kept. */
export class CatalogueCache {
  readonly #models = new Map<string, { readonly found: ModelCandidates; readonly expiresAtMs: number }>();

  #list: { readonly views: readonly PublicModelView[]; readonly expiresAtMs: number } | null = null;

  get(model: string, nowMs: number): ModelCandidates | undefined {
    const known = this.#models.get(model);
    return known !== undefined && known.expiresAtMs > nowMs ? known.found : undefined;
  }

  put(found: ModelCandidates, nowMs: number): void {
    this.#models.delete(found.model);
    const [oldest] = this.#models.keys();
    if (this.#models.size >= MAX_MODELS && oldest !== undefined) this.#models.delete(oldest);
    this.#models.set(found.model, { found, expiresAtMs: nowMs + MAX_AGE_MS });
  }

  /** The public list. */
  list(nowMs: number): readonly PublicModelView[] | undefined {
    return this.#list !== null && this.#list.expiresAtMs > nowMs ? this.#list.views : undefined;
  }

  putList(views: readonly PublicModelView[], nowMs: number): void {
    this.#list = { views, expiresAtMs: nowMs + MAX_LIST_AGE_MS };
  }

  /** After a change by an operator: this isolate sees it at once, others within the second. */
  clear(): void {
    this.#models.clear();
    this.#list = null;
  }
}
