import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderView } from "@aggregator/contracts/orchestrator";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { changeProvider, type FoundProvider, findProvider, type ProviderChange } from "../db/providers.ts";
import { checkBaseUrl, isSameHost } from "../domain/check-base-url.ts";
import { PLATFORM } from "../domain/credential-binding.ts";
import { UpdateProviderInput } from "../domain/provider-input.ts";
import { providerView } from "../domain/provider-view.ts";
import { noSuchProvider } from "./get-provider.ts";
import { sealCredential } from "./seal-credential.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/**
 * Changes a provider; absent fields stay, but one that came with the price book is on once it has a key. A stored key is never sent to a host that it was not given
 * for: moving `base_url` to another host needs `api_key` again. Operators only. `permission_denied`,
 * `not_found`, `invalid_request` naming the field.
 */
export async function updateProvider(call: Call, actor: Actor, slug: string, input: unknown): Answer<ProviderView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(UpdateProviderInput, input);
  if (!parsed.ok) return parsed;
  const found = await findProvider(call.db, slug);
  if (found === undefined) return noSuchProvider();
  const change = changeOf(call, found, parsed.value);
  if (!change.ok) return change;
  const { api_key: secret } = parsed.value;
  const credential =
    secret === undefined ? [] : await sealCredential(call, { providerSlug: slug, companyId: PLATFORM }, secret);
  await changeCatalogue(call, [changeProvider(call.db, slug, change.value), ...credential]);
  const hasCredential = secret === undefined ? found.credentialId !== null : secret !== null && secret !== "";
  return ok(providerView({ ...found.provider, ...change.value }, hasCredential));
}

function changeOf(call: Call, found: FoundProvider, input: UpdateProviderInput): Result<ProviderChange> {
  const { provider } = found;
  const change: ProviderChange = {
    kind: input.kind ?? provider.kind,
    enabled: input.enabled ?? (provider.enabled || isSetUpBy(input, provider)),
    priority: input.priority ?? provider.priority,
    onDisconnect: input.on_disconnect ?? provider.onDisconnect,
    collectsData: input.collects_data ?? provider.collectsData,
    origin: "operator",
    updatedAtMs: call.nowMs,
  };
  if (input.base_url === undefined) return ok(change);
  const baseUrl = checkBaseUrl(input.base_url, call.config.ALLOW_PRIVATE_UPSTREAMS);
  if (!baseUrl.ok) return baseUrl;
  const keepsKey = found.credentialId !== null && input.api_key === undefined;
  if (keepsKey && !isSameHost(baseUrl.value, provider.baseUrl)) {
    return err("invalid_request", "api_key: must be given again when base_url moves to another host", {
      param: "api_key",
    });
  }
  return ok({ ...change, baseUrl: baseUrl.value });
}

/** A provider that came with the price book is off until it gets its key. */
function isSetUpBy({ api_key: secret }: UpdateProviderInput, { origin }: FoundProvider["provider"]): boolean {
  return origin === "catalogue" && secret !== undefined && secret !== null && secret !== "";
}
