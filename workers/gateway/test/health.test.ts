import { beforeEach, describe, expect, it } from "vitest";
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
import { anyNumber } from "./support/matchers.ts";

beforeEach(async () => {
  for (const double of [auth, billing, orchestrator, analytics, notifications]) {
    await double.script({ health: answers() });
  }
  await proxy.script({});
});

const healthy = { status: "ok", latency_ms: anyNumber };

describe("health", () => {
  it("live asks nobody", async () => {
    const response = await send("/health/live");
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    expect(await countOf(auth, "health")).toBe(0);
  });

  it.each(["/health", "/health/ready"])("%s names every dependency with its latency", async (path) => {
    const response = await send(path);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: "ok",
      dependencies: {
        auth: healthy,
        billing: healthy,
        orchestrator: healthy,
        analytics: healthy,
        notifications: healthy,
        proxy: healthy,
      },
    });
  });

  it.each([
    ["says so", refuses("service_unavailable")],
    ["throws", { fail: "secret-detail" }],
    ["hangs", { hang: true }],
  ])("ready is 503 and names the one that %s", async (_, health) => {
    await billing.script({ health });
    const response = await send("/health/ready");
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(text).not.toContain("secret-detail");
    expect(JSON.parse(text)).toMatchObject({
      status: "unavailable",
      dependencies: { auth: healthy, billing: { status: "unavailable" } },
    });
  });

  it.each([
    ["is down", { status: 200, fail: "down" }],
    ["is not configured", { status: 500 }],
  ])("ready is 503 when the proxy %s", async (_, fetch) => {
    await proxy.script({ fetch });
    const response = await send("/health/ready");
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ dependencies: { proxy: { status: "unavailable" } } });
  });
});
