import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

export interface UsageRowView {
  /** Values of the grouped dimensions, such as `{ "model": "…" }` or `{ "hour": "2026-11-23T08:00:00.000Z" }`. */
  readonly group: Readonly<Record<string, string | null>>;
  readonly requests: number;
  readonly errors: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly cost_nano_usd: number;
}

/** Usage by rollups, never by request. Reads the actor's own company. */
export interface AnalyticsApi extends Rpc.WorkerEntrypointBranded {
  usage(context: CallContext, actor: Actor, query: unknown): Answer<Page<UsageRowView>>;
  health(context: CallContext): Answer<void>;
}
