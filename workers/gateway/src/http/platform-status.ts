import type { ProviderStatusView } from "@aggregator/contracts/analytics";
import type { PlatformStatusBody } from "../schemas/status.ts";
import { call } from "./call.ts";
import { checkReadiness } from "./check-readiness.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** The page is public: however often it is asked for, an isolate looks this often. */
const KEPT_MS = 15_000;

let kept: { readonly body: PlatformStatusBody; readonly untilMs: number } | null = null;

/** How the platform and its providers are; at most 15 s old. */
export async function platformStatus(c: GatewayContext): Promise<PlatformStatusBody> {
  const nowMs = Date.now();
  if (kept !== null && kept.untilMs > nowMs) return kept.body;
  const [readiness, providers, circuits] = await Promise.all([
    checkReadiness(c),
    call(c, "analytics", (context) => c.env.ANALYTICS.providerStatus(context)),
    call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.providerCircuits(context)),
  ]);
  const components = Object.entries(readiness.dependencies).map(([name, { status }]) => ({
    name,
    status: status === "ok" ? ("operational" as const) : ("down" as const),
  }));
  const body = {
    status: overall(components, providers.ok ? providers.value : []),
    checked_at: new Date(nowMs).toISOString(),
    components,
    providers: providers.ok ? providers.value : [],
    circuits: circuits.ok ? circuits.value : [],
  };
  kept = { body, untilMs: nowMs + KEPT_MS };
  return body;
}

/** Forgets what was seen; for tests, which change what there is to see. */
export function forgetStatus(): void {
  kept = null;
}

type Component = PlatformStatusBody["components"][number];
/** Without these no request is served; without the others requests go on. */
const VITAL = new Set(["auth", "billing", "orchestrator", "proxy"]);

/** A provider that is down is not an outage of ours, as long as another one is up. */
function overall(
  components: readonly Component[],
  providers: readonly Pick<ProviderStatusView, "status">[],
): PlatformStatusBody["status"] {
  const down = components.filter(({ status }) => status === "down");
  const known = providers.filter(({ status }) => status !== "unknown");
  const allDown = known.length > 0 && known.every(({ status }) => status === "down");
  if (down.some(({ name }) => VITAL.has(name)) || allDown) return "outage";
  return down.length > 0 || known.some(({ status }) => status !== "operational") ? "degraded" : "operational";
}
