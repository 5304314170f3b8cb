import type { ProviderKind } from "@aggregator/contracts/provider-kinds";

export interface VerificationCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The cheapest call of each kind of provider that tells whether it takes a key; null for a kind that
 * takes none. OpenRouter lists its models to anybody, so it is asked of the key itself.
 */
export function verificationCall(kind: ProviderKind, baseUrl: string, secret: string): VerificationCall | null {
  const bearer = { authorization: `Bearer ${secret}` };
  switch (kind) {
    case "openai":
    case "openai-compatible":
      return { url: `${baseUrl}/models`, headers: bearer };
    case "openrouter":
      return { url: `${baseUrl}/key`, headers: bearer };
    case "azure-openai":
      return { url: `${baseUrl}/models`, headers: { "api-key": secret } };
    case "anthropic":
      return {
        url: `${baseUrl}/v1/models?limit=1`,
        headers: { "x-api-key": secret, "anthropic-version": "2023-06-01" },
      };
    case "gemini":
      return { url: `${baseUrl}/v1beta/models?pageSize=1`, headers: { "x-goog-api-key": secret } };
    case "workers-ai":
      return null;
  }
}

export type Verdict = "taken" | "refused" | "unknown";

/** What a provider's status says of the key. Gemini answers 400 to one that it does not know. */
export function verdictOf(kind: ProviderKind, status: number): Verdict {
  if (status >= 200 && status < 300) return "taken";
  if (status === 401 || status === 403 || (kind === "gemini" && status === 400)) return "refused";
  return "unknown";
}
