import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";

/**
 * Address of a path at a server of the OpenAI wire. Azure's resource has the wire under `/openai/v1`, where
 * the model is the deployment. https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
 */
export function upstreamUrl({ baseUrl, kind }: PlannedEndpoint, path: string): string {
  const base = baseUrl.replace(/\/+$/, "");
  return kind === "azure-openai" && !base.endsWith("/v1") ? `${base}/openai/v1/${path}` : `${base}/${path}`;
}

/** The credential as this server takes it; nothing for one that takes none. */
export function credentialHeaders({ credential, kind }: PlannedEndpoint): Readonly<Record<string, string>> {
  const { secret } = credential;
  if (secret === null) return {};
  return kind === "azure-openai" ? { "api-key": secret } : { authorization: `Bearer ${secret}` };
}
