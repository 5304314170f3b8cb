import { HealthReport, type HealthSnapshot } from "@aggregator/contracts/provider-health";
import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import type { Call } from "../call.ts";

/** Gives each provider's part of a report to its object and puts their answers together. `invalid_request`. */
export async function reportHealth(call: Call, input: HealthReport): Answer<HealthSnapshot> {
  const parsed = parseInput(HealthReport, input);
  if (!parsed.ok) return parsed;
  const report = parsed.value;
  const providers = new Set(
    [...report.watched, ...report.endpoints, ...report.credentials].map(({ provider }) => provider),
  );
  const snapshots = await Promise.all(
    [...providers].map((provider) => {
      const isOwn = (item: { readonly provider: string }) => item.provider === provider;
      return call.providerHealth.getByName(provider).report(provider, {
        watched: report.watched.filter(isOwn),
        endpoints: report.endpoints.filter(isOwn),
        credentials: report.credentials.filter(isOwn),
      });
    }),
  );
  return ok({
    endpoints: snapshots.flatMap(({ endpoints }) => endpoints),
    credentials: snapshots.flatMap(({ credentials }) => credentials),
  });
}
