import { type Env, reportConfig, type ReportSource } from "../../env.ts";
import { anthropicCost } from "./anthropic-cost.ts";
import { openAiCost } from "./openai-cost.ts";
import { openRouterCost } from "./openrouter-cost.ts";

/** A provider that says itself what it has billed. */
export interface ProviderReport {
  /** The provider's slug in the catalogue. */
  readonly provider: string;
  /** What it billed for one day (`2026-11-23`, UTC), in nano-USD. Throws where it gives no clear answer. */
  readonly costOf: (day: string) => Promise<number>;
}

/** The reports that a key is configured for; none is the rule. */
export function reportsOf(env: Env): readonly ProviderReport[] {
  const { openai, anthropic, openrouter } = reportConfig(env);
  return [
    ...reportOf("openai", openai, openAiCost),
    ...reportOf("anthropic", anthropic, anthropicCost),
    ...reportOf("openrouter", openrouter, openRouterCost),
  ];
}

function reportOf(
  provider: string,
  source: ReportSource | null,
  costOf: (source: ReportSource, day: string) => Promise<number>,
): ProviderReport[] {
  return source === null ? [] : [{ provider, costOf: (day) => costOf(source, day) }];
}
