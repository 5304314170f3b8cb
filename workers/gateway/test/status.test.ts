import type { ProviderStatusView } from "@aggregator/contracts/analytics";
import type { ProviderCircuitView } from "@aggregator/contracts/provider-health";
import { beforeEach, describe, expect, it } from "vitest";
import { forgetStatus } from "../src/http/platform-status.ts";
import {
  analytics,
  answers,
  auth,
  billing,
  countOf,
  notifications,
  orchestrator,
  proxy,
  refuses,
} from "./support/doubles.ts";
import { send } from "./support/http.ts";

const provider = (name: string, status: ProviderStatusView["status"]): ProviderStatusView => ({
  provider: name,
  status,
  availability_24h: status === "unknown" ? null : 0.995,
  hours: Array.from({ length: 24 }, () => status),
});

const down = refuses("service_unavailable");

async function given(providers: readonly ProviderStatusView[], health: Readonly<Record<string, object>> = {}) {
  forgetStatus();
  for (const [name, double] of Object.entries({ auth, billing, orchestrator, notifications })) {
    await double.script({ health: health[name] ?? answers(), providerCircuits: answers([]) });
  }
  await analytics.script({ health: health["analytics"] ?? answers(), providerStatus: answers(providers) });
  await proxy.script({});
}

beforeEach(() => given([]));

describe("the public status", () => {
  it.each([
    ["everything answers", [provider("a", "operational")], {}, "operational"],
    ["a provider that nobody called", [provider("a", "unknown")], {}, "operational"],
    ["one of two providers is down", [provider("a", "down"), provider("b", "operational")], {}, "degraded"],
    ["a provider is degraded", [provider("a", "degraded")], {}, "degraded"],
    ["every provider is down", [provider("a", "down"), provider("b", "unknown")], {}, "outage"],
    ["notifications are down", [], { notifications: down }, "degraded"],
    ["billing is down", [], { billing: down }, "outage"],
  ])("%s", async (_, providers, health, status) => {
    await given(providers, health);
    const response = await send("/status.json");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ status, providers });
  });

  it("is looked at once for many who ask", async () => {
    for (let time = 0; time < 5; time += 1) await send("/status.json");
    expect(await countOf(analytics, "providerStatus")).toBe(1);
  });

  it("is told also when analytics does not answer", async () => {
    await given([], { analytics: down });
    await analytics.script({ health: down, providerStatus: down });
    expect(await (await send("/status.json")).json()).toMatchObject({ status: "degraded", providers: [] });
  });

  it("is a page without scripts that says the same, escaped", async () => {
    await given([provider("<b>a</b>", "down"), provider("b", "operational")]);
    const response = await send("/status");
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain("Some systems are degraded");
    expect(page).toContain("&lt;b&gt;a&lt;/b&gt;");
    expect(page).toContain("99.50 % in 24 h");
    expect(page).toContain("Last 24 hours: 0 operational, 0 degraded, 24 down");
    expect(page).not.toMatch(/<script|https?:\/\//);
  });

  it("shows the circuit of each provider, as JSON and as a page, also when analytics does not answer", async () => {
    const circuits: readonly ProviderCircuitView[] = [
      { provider: "a", state: "open" },
      { provider: "b", state: "half_open" },
      { provider: "c", state: "closed" },
    ];
    await given([]);
    await orchestrator.script({ health: answers(), providerCircuits: answers(circuits) });
    await analytics.script({ health: answers(), providerStatus: down });
    expect(await (await send("/status.json")).json()).toMatchObject({ circuits });
    const page = await (await send("/status")).text();
    for (const words of ["open: passed by", "half-open: being tried", "closed: all requests"]) {
      expect(page).toContain(words);
    }
  });

  it("is told also when the orchestrator does not say", async () => {
    await given([provider("a", "operational")]);
    await orchestrator.script({ health: answers(), providerCircuits: down });
    expect(await (await send("/status.json")).json()).toMatchObject({ status: "operational", circuits: [] });
  });

  it("names no company, no volume and no address", async () => {
    await given([provider("a", "operational")]);
    const body = await (await send("/status.json")).text();
    expect(body).not.toMatch(/company|requests|calls|latency|ip/);
  });
});
