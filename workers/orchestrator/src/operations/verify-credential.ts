import { err, ok, type Result } from "@aggregator/contracts/result";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { checkOutboundUrl } from "@aggregator/runtime/outbound-url";
import type { Call } from "../call.ts";
import type { ProviderRow } from "../db/providers.ts";
import { type VerificationCall, verdictOf, verificationCall } from "../domain/verification-call.ts";

/** Below what the gateway waits for us. */
const TIMEOUT_MS = 3_000;

/**
 * Asks the provider whether it takes the key: one real call through the guard of outbound URLs, without
 * following a redirect. `invalid_request` naming `api_key` when it does not; `upstream_error` when it
 * does not say. Nothing of its answer is shown.
 */
export async function verifyCredential(call: Call, provider: ProviderRow, secret: string): Promise<Result<void>> {
  const asked = verificationCall(provider.kind, provider.baseUrl, secret);
  if (asked === null) {
    return err("invalid_request", "provider: takes no key", { param: "provider" });
  }
  const status = await ask(call, asked, provider.slug);
  const verdict = status === null ? "unknown" : verdictOf(provider.kind, status);
  if (verdict === "taken") return ok();
  if (verdict === "refused") {
    return err("invalid_request", "api_key: the provider does not take this key", { param: "api_key" });
  }
  return err(
    "upstream_error",
    'The provider did not say whether it takes this key. Try again, or save it unverified with "verify": false.',
  );
}

/** The status that the provider answered with; null when it did not. */
async function ask(call: Call, { url, headers }: VerificationCall, provider: string): Promise<number | null> {
  const allowed = checkOutboundUrl(url, { allowPrivate: call.config.ALLOW_PRIVATE_UPSTREAMS });
  if (!allowed.ok) return null;
  try {
    const answer = await fetch(allowed.value, { headers, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.status;
  } catch (error) {
    call.log.warn("verification_failed", { ...correlation(call.context), ...defectFields(error), provider });
    return null;
  }
}
