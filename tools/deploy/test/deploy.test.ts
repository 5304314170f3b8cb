import { createServer, type Server } from "node:http";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readWorkerConfig, type WorkerConfig, type WorkerName, WORKERS } from "../../workers.ts";
import { findBrokenBindings, missingSecrets, planDeployment, readEnvironmentName } from "../plan.ts";
import { deploy, type Deployment } from "../steps.ts";
import { type FakeWrangler, makeFakeWrangler } from "./fake-wrangler.ts";

let configs: Readonly<Record<WorkerName, WorkerConfig>>;
let server: Server;
let publicUrl = "";
let isReady = true;

beforeAll(async () => {
  const read = await Promise.all(WORKERS.map(async (worker) => [worker, await readWorkerConfig(worker)] as const));
  configs = Object.fromEntries(read) as Record<WorkerName, WorkerConfig>;
  server = createServer((request, response) => {
    response.statusCode = request.url === "/v1/company" ? 401 : isReady ? 200 : 503;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  publicUrl = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
});

afterAll(() => {
  server.close();
});

const environmentOf = (name: string | null) => ({ name, publicUrl: "https://api.example.com", databaseIds: new Map() });

async function aDeployment(fake: FakeWrangler, env: Record<string, string> = {}): Promise<Deployment> {
  return {
    configs,
    environment: { name: "staging", publicUrl },
    env: { PATH: fake.path, MASTER_KEY: "a-key", CONTENT_KEY: "a-key", ...env },
    folder: await mkdtemp(join(tmpdir(), "deploy-test-")),
    say: () => undefined,
    smokeTimeoutMs: 0,
  };
}

describe("the plan", () => {
  it("names everything of an environment apart, and changes nothing in production", () => {
    const staging = planDeployment(configs, environmentOf("staging"));
    const production = planDeployment(configs, environmentOf(null));
    expect(staging.workers.at(-1)?.config.name).toBe("aggregator-gateway-staging");
    const names = (plan: typeof staging) => [
      ...plan.databases,
      ...plan.queues,
      ...plan.buckets,
      ...plan.workers.flatMap(({ config }) => [config.name, ...config.services.map(({ service }) => service)]),
    ];
    expect(names(staging)).toEqual(names(production).map((name) => `${name}-staging`));
    expect(production.workers.map(({ config }) => config.queues)).toEqual(
      WORKERS.map((worker) => configs[worker].queues),
    );
  });

  it("every binding leads to a Worker that is deployed before, and every queue has a consumer", () => {
    expect(findBrokenBindings(planDeployment(configs, environmentOf("staging")))).toEqual([]);
    const broken = { ...configs, analytics: { ...configs.analytics, queues: { producers: [], consumers: [] } } };
    expect(findBrokenBindings(planDeployment(broken, environmentOf(null)))).toContain(
      "aggregator-billing: nobody consumes the queue usage-events",
    );
    const cyclic = {
      ...configs,
      auth: { ...configs.auth, services: [{ binding: "PROXY", service: "aggregator-proxy" }] },
    };
    expect(findBrokenBindings(planDeployment(cyclic, environmentOf(null)))).toEqual([
      "aggregator-auth: PROXY needs aggregator-proxy, which is not deployed before it",
    ]);
  });

  it("tells which secrets are missing; one that is there need not be brought again", () => {
    const plan = planDeployment(configs, environmentOf(null));
    const all = missingSecrets(plan, new Map(), {});
    expect(all).toContain("MASTER_KEY of aggregator-auth");
    expect(missingSecrets(plan, new Map(), { MASTER_KEY: "key", CONTENT_KEY: "key" })).toEqual([]);
    expect(missingSecrets(plan, new Map([["aggregator-auth", new Set(["MASTER_KEY"])]]), {})).toHaveLength(
      all.length - 1,
    );
  });

  it.each(["Staging", "a b", "-x", "a".repeat(21)])("%j is no name of an environment", (name) => {
    expect(() => readEnvironmentName(name)).toThrow("not a name of an environment");
  });
});

describe("a deployment", () => {
  it("goes in order: secrets, what is missing, migrations, callees before callers, smoke test", async () => {
    const fake = await makeFakeWrangler();
    const deployment = await aDeployment(fake);
    await deploy(deployment);
    const calls = await fake.calls();
    const deployed = calls.filter((call) => call.startsWith("deploy")).map((call) => call.split(" ")[2]);
    expect(deployed).toEqual([...WORKERS]);
    const first = (start: string) => calls.findIndex((call) => call.startsWith(start));
    const kinds = ["d1 list", "secret list", "d1 create", "queues create", "d1 migrations apply", "deploy"];
    const positions = kinds.map(first);
    expect(positions.every((position) => position >= 0)).toBe(true);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    const written: unknown = JSON.parse(await readFile(join(deployment.folder, "billing", "wrangler.json"), "utf8"));
    expect(written).toMatchObject({ d1_databases: [{ database_id: "id-of-aggregator-billing-staging" }] });
  });

  it.each([
    ["d1 list", "could not list the databases"],
    ["d1 create aggregator-auth-staging", "could not create the database aggregator-auth-staging"],
    ["queues create usage-events-staging", "could not create the queue usage-events-staging"],
    ["migrations apply aggregator-orchestrator-staging", "could not migrate aggregator-orchestrator-staging"],
    ["proxy/wrangler.json", "could not deploy aggregator-proxy-staging"],
  ])("that fails at %j stops there, says so, and goes on when run again", async (failing, message) => {
    const fake = await makeFakeWrangler();
    await expect(deploy(await aDeployment(fake, { FAKE_FAIL: failing }))).rejects.toThrow(message);
    const before = await fake.calls();
    expect(before.at(-1)).toContain(failing.split("/")[0]);
    await deploy(await aDeployment(fake));
    const creations = (await fake.calls()).filter((call) => / create /u.test(call) && !call.includes(failing));
    expect(new Set(creations).size).toBe(creations.length);
    expect((await fake.calls()).at(-1)).toBe("deploy -c gateway");
  });

  it("without a secret changes nothing at all and names it", async () => {
    const fake = await makeFakeWrangler();
    await expect(deploy(await aDeployment(fake, { MASTER_KEY: "" }))).rejects.toThrow(
      "MASTER_KEY of aggregator-auth-staging",
    );
    expect((await fake.calls()).filter((call) => / create |apply|deploy/u.test(call))).toEqual([]);
  });

  it("secrets are brought once: a second deployment needs none", async () => {
    const fake = await makeFakeWrangler();
    await deploy(await aDeployment(fake));
    await deploy(await aDeployment(fake, { MASTER_KEY: "", CONTENT_KEY: "" }));
    expect((await fake.calls()).filter((call) => call.startsWith("deploy"))).toHaveLength(2 * WORKERS.length);
  });

  it("that does not answer afterwards is told as such", async () => {
    isReady = false;
    try {
      const fake = await makeFakeWrangler();
      await expect(deploy(await aDeployment(fake))).rejects.toThrow("/health/ready answered 503");
    } finally {
      isReady = true;
    }
  });
});
