import type { CallContext } from "@aggregator/contracts/call-context";
import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Readiness } from "../schemas/health.ts";
import { callService } from "./call-service.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** Shorter than any prober's own deadline. */
const PROBE_TIMEOUT_MS = 2_000;

/** Asks every Worker behind the gateway at once; each answers after a round trip to its own storage. */
export async function checkReadiness(c: GatewayContext): Promise<Readiness> {
  const { env } = c;
  const probes: Readonly<Record<string, (context: CallContext) => Promise<Result<void>>>> = {
    auth: (context) => env.AUTH.health(context),
    billing: (context) => env.BILLING.health(context),
    orchestrator: (context) => env.ORCHESTRATOR.health(context),
    analytics: (context) => env.ANALYTICS.health(context),
    notifications: (context) => env.NOTIFICATIONS.health(context),
    proxy: () => probeProxy(env.PROXY),
  };
  const checked = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await timed(c, name, probe)] as const),
  );
  const status = checked.every(([, dependency]) => dependency.status === "ok") ? "ok" : "unavailable";
  return { status, dependencies: Object.fromEntries(checked) };
}

async function timed(
  c: GatewayContext,
  name: string,
  probe: (context: CallContext) => Promise<Result<void>>,
): Promise<Readiness["dependencies"][string]> {
  const { identity, config } = c.var;
  const startedAt = Date.now();
  const answer = await callService(name, PROBE_TIMEOUT_MS, identity.context, config.logger, () =>
    probe(identity.context),
  );
  return { status: answer.ok ? "ok" : "unavailable", latency_ms: Date.now() - startedAt };
}

/** The proxy has no storage and no RPC: it answers once its configuration is whole. Throws when it does not. */
async function probeProxy(proxy: Fetcher): Promise<Result<void>> {
  const answer = await proxy.fetch("https://proxy/internal/health");
  await answer.body?.cancel();
  return answer.ok ? ok() : err("service_unavailable", `The proxy answers ${answer.status}.`);
}
