import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderView } from "@aggregator/contracts/orchestrator";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { isUniqueViolation } from "../db/client.ts";
import { deleteUnclaimedProvider, insertProvider, type ProviderRow } from "../db/providers.ts";
import { checkBaseUrl } from "../domain/check-base-url.ts";
import { PLATFORM } from "../domain/credential-binding.ts";
import { defaultBaseUrl, defaultDisconnectPolicy } from "../domain/provider-defaults.ts";
import { CreateProviderInput } from "../domain/provider-input.ts";
import { providerView } from "../domain/provider-view.ts";
import { sealCredential } from "./seal-credential.ts";
import { changeCatalogue } from "./change-catalogue.ts";

/**
 * Adds a provider; enabled unless said otherwise. One that came with the price book and was never set up
 * is no conflict: its endpoints begin to serve. Operators only. `permission_denied`, `invalid_request`
 * naming the field, `already_exists`.
 */
export async function createProvider(call: Call, actor: Actor, input: unknown): Answer<ProviderView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CreateProviderInput, input);
  if (!parsed.ok) return parsed;
  const row = newRow(call, parsed.value);
  if (!row.ok) return row;
  const { slug } = row.value;
  const secret = parsed.value.api_key ?? null;
  const credential = await sealCredential(call, { providerSlug: slug, companyId: PLATFORM }, secret);
  try {
    await changeCatalogue(call, [
      deleteUnclaimedProvider(call.db, slug),
      insertProvider(call.db, row.value),
      ...credential,
    ]);
  } catch (error) {
    if (!isUniqueViolation(error, "providers.slug")) throw error;
    return err("already_exists", `There is a provider ${slug} already.`, { param: "slug" });
  }
  return ok(providerView(row.value, secret !== null && secret !== ""));
}

function newRow(call: Call, input: CreateProviderInput): Result<ProviderRow> {
  const text = input.base_url ?? defaultBaseUrl(input.kind);
  if (text === null) return err("invalid_request", "base_url: is required for this kind", { param: "base_url" });
  const baseUrl = checkBaseUrl(text, call.config.ALLOW_PRIVATE_UPSTREAMS);
  if (!baseUrl.ok) return baseUrl;
  return ok({
    slug: input.slug,
    kind: input.kind,
    baseUrl: baseUrl.value,
    enabled: input.enabled ?? true,
    priority: input.priority ?? 0,
    onDisconnect: input.on_disconnect ?? defaultDisconnectPolicy(input.kind, baseUrl.value),
    collectsData: input.collects_data ?? true,
    origin: "operator",
    createdAtMs: call.nowMs,
    updatedAtMs: call.nowMs,
  });
}
