import { beforeAll, describe, expect, it } from "vitest";
import { Platform, valueAt } from "./walk/platform.ts";

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.fromFile();
});

describe("health", () => {
  it("names each dependency with its latency", async () => {
    for (const path of ["/health", "/health/ready"]) {
      const { status, body } = await platform.send("GET", path);
      expect([path, status]).toEqual([path, 200]);
      const dependencies = valueAt(body, "dependencies") as Readonly<Record<string, { latency_ms: number }>>;
      expect(Object.keys(dependencies).toSorted()).toEqual([
        "analytics",
        "auth",
        "billing",
        "notifications",
        "orchestrator",
        "proxy",
      ]);
      expect(Object.values(dependencies).every(({ latency_ms: latencyMs }) => latencyMs >= 0)).toBe(true);
    }
  });

  it("tells liveness without asking anybody", async () => {
    expect(await platform.send("GET", "/health/live")).toMatchObject({ status: 200, body: { status: "ok" } });
  });
});

describe("the documentation", () => {
  it("is an OpenAPI document with the routes of both planes", async () => {
    const { status, body } = await platform.send("GET", "/openapi.json");
    expect(status).toBe(200);
    expect(String(valueAt(body, "openapi"))).toMatch(/^3\.1/);
    const paths = Object.keys(valueAt(body, "paths") as object);
    expect(paths).toEqual(
      expect.arrayContaining(["/v1/chat/completions", "/v1/models/{id}", "/v1/billing/balance", "/v1/auth/register"]),
    );
  });

  it("is a page that loads from no other host", async () => {
    const page = await platform.send("GET", "/docs");
    expect(page.status).toBe(200);
    const html = String(page.body);
    const links = [...html.matchAll(/(?:src|href)\s*=\s*"([^"]*)"/g)].map(([, link]) => link ?? "");
    const loaded = links.filter((link) => !link.startsWith("data:"));
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded.filter((link) => !/^\/(?!\/)/.test(link))).toEqual([]);
    for (const link of loaded) expect([link, (await platform.send("GET", link)).status]).toEqual([link, 200]);
    // What the scripts may fetch is bounded by the page's own policy.
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src");
    expect(policy.match(/https?:\/\/|\*/g)).toBeNull();
  });
});

describe("a browser", () => {
  it("may call the data plane from any page, without cookies", async () => {
    const preflight = await platform.send("OPTIONS", "/v1/chat/completions", {
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
      },
    });
    expect(preflight.status).toBeLessThan(300);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-credentials")).toBeNull();
  });
});

describe("the export of a company", () => {
  it("has what each Worker knows of it, in whole", async () => {
    const { token } = await platform.newTenant("exported");
    const hook = { url: "http://127.0.0.1:9/", events: ["low_balance"] };
    const { body: created } = await platform.sendJson("POST", "/v1/webhooks", hook, token);
    await platform.sendJson("POST", `/v1/webhooks/${String(valueAt(created, "id"))}/test`, {}, token);
    const headers = { authorization: `Bearer ${token}` };
    const { status, body } = await platform.send("GET", "/v1/company/export", { headers });
    expect(status).toBe(200);
    const lines = String(body)
      .trimEnd()
      .split("\n")
      .map((text): unknown => JSON.parse(text));
    expect(valueAt(lines.at(-1), "data")).toEqual({ is_complete: true, missing: [] });
    const sections = lines.map((line) => valueAt(line, "section"));
    expect(sections).toEqual(expect.arrayContaining(["provider_preferences", "api_keys", "webhook_deliveries"]));
    expect(String(body)).not.toContain(String(valueAt(created, "secret")));
  });
});
