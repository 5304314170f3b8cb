/** The wires that a provider can speak; `openai-compatible` is any server that speaks OpenAI's. */
export const PROVIDER_KINDS = [
  "openai",
  "openrouter",
  "openai-compatible",
  "azure-openai",
  "anthropic",
  "gemini",
  "workers-ai",
] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];
