import type { ProviderKind } from "@aggregator/contracts/provider-kinds";
import { defectFields } from "@aggregator/runtime/log";
import { checkOutboundUrl } from "@aggregator/runtime/outbound-url";
import type { Call } from "../call.ts";
import { type EnabledProvider, selectEnabledProviders } from "../db/health-targets.ts";

const PROBE_TIMEOUT_MS = 5_000;

/** Where a provider lists its models, the cheapest thing to ask; null: it has no address of the kind. */
const MODELS_PATHS: Readonly<Record<ProviderKind, string | null>> = {
  openai: "/models",
  openrouter: "/models",
  "openai-compatible": "/models",
  "azure-openai": "/openai/v1/models",
  anthropic: "/v1/models",
  gemini: "/v1beta/models",
  "workers-ai": null,
};

/**
 * By cron: asks the providers that have an endpoint which is not closed for their models. One that answers
 * may be tried again at once; one that does not stays as it is. Never throws for what a provider does.
 */
export async function probeProviders(call: Call): Promise<void> {
  const providers = await selectEnabledProviders(call.db);
  await Promise.all(providers.map((found) => probe(call, found)));
}

async function probe(call: Call, found: EnabledProvider): Promise<void> {
  const { slug } = found.provider;
  const health = call.providerHealth.getByName(slug);
  try {
    if ((await health.isUnwell(slug)) && (await answers(call, found))) await health.noteReachable(slug);
  } catch (error) {
    call.log.warn("probe_failed", { ...defectFields(error), provider: slug });
  }
}

/** Whether it answers at all: a refusal is an answer too, its server is up. */
async function answers(call: Call, { provider, credential }: EnabledProvider): Promise<boolean> {
  const path = MODELS_PATHS[provider.kind];
  if (path === null) return true;
  const url = `${provider.baseUrl.replace(/\/+$/, "")}${path}`;
  if (!checkOutboundUrl(url, { allowPrivate: call.config.ALLOW_PRIVATE_UPSTREAMS }).ok) return false;
  const secret = credential === null ? null : await call.secrets.open(credential, call.secretBox);
  try {
    const response = await fetch(url, {
      headers: headersOf(provider.kind, secret),
      redirect: "manual",
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    await response.body?.cancel().catch(() => undefined);
    return response.status < 500 && (response.status < 300 || response.status >= 400);
  } catch {
    return false;
  }
}

function headersOf(kind: ProviderKind, secret: string | null): Readonly<Record<string, string>> {
  if (secret === null) return {};
  if (kind === "anthropic") return { "x-api-key": secret, "anthropic-version": "2023-06-01" };
  if (kind === "gemini") return { "x-goog-api-key": secret };
  return kind === "azure-openai" ? { "api-key": secret } : { authorization: `Bearer ${secret}` };
}
