import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { ProviderKind } from "@aggregator/contracts/provider-kinds";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import type { Adapter, Exchange } from "./adapter.ts";
import { anthropicAdapter } from "./anthropic/adapter.ts";
import { geminiAdapter } from "./gemini/adapter.ts";
import { openAiAdapter, openAiCompatibleAdapter } from "./openai/adapter.ts";
import { workersAiAdapter } from "./workers-ai/adapter.ts";

const ADAPTERS: Readonly<Record<ProviderKind, Adapter>> = {
  openai: openAiAdapter,
  openrouter: openAiAdapter,
  "azure-openai": openAiAdapter,
  "openai-compatible": openAiCompatibleAdapter,
  anthropic: anthropicAdapter,
  gemini: geminiAdapter,
  "workers-ai": workersAiAdapter,
};

/** How this endpoint serves this request; null when it cannot. */
export function exchangeFor(request: InferenceRequest, endpoint: PlannedEndpoint): Exchange | null {
  return ADAPTERS[endpoint.kind](request);
}
