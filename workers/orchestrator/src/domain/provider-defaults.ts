import type { DisconnectPolicy } from "@aggregator/contracts/orchestrator";
import type { ProviderKind } from "@aggregator/contracts/provider-kinds";

/** Where each vendor serves, as its own client takes it; null: there is no one place. */
const BASE_URLS: Readonly<Record<ProviderKind, string | null>> = {
  openai: "https://api.openai.com/v1",
  openrouter: "https://openrouter.ai/api/v1",
  "openai-compatible": null,
  "azure-openai": null,
  anthropic: "https://api.anthropic.com",
  gemini: "https://generativelanguage.googleapis.com",
  "workers-ai": "https://api.cloudflare.com",
};

/** Vendors that bill to the end of the answer whoever has left: reading it tells what was billed. */
const DRAINED_DOMAINS = ["groq.com", "mistral.ai", "together.xyz", "together.ai"];

/** Kinds that serve without a key: servers of one's own, and a binding. */
const KEYLESS: ReadonlySet<ProviderKind> = new Set<ProviderKind>(["openai-compatible", "workers-ai"]);

/** The vendor's address where a provider is created without one; null: it must be given. */
export function defaultBaseUrl(kind: ProviderKind): string | null {
  return BASE_URLS[kind];
}

/** `drain` for Gemini, Groq, Mistral and Together; `stop` elsewhere. */
export function defaultDisconnectPolicy(kind: ProviderKind, baseUrl: string): DisconnectPolicy {
  if (kind === "gemini") return "drain";
  const host = URL.parse(baseUrl)?.hostname ?? "";
  return DRAINED_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`)) ? "drain" : "stop";
}

/** Whether calls without a credential make sense. */
export function needsCredential(kind: ProviderKind): boolean {
  return !KEYLESS.has(kind);
}
