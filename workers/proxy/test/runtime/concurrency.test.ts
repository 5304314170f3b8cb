import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { chatRequest, planFor, type AccountStub } from "./requests.ts";

const harness = createTestHarness({
  workers: [{ configPath: fileURLToPath(new URL("wrangler.toml", import.meta.url)) }],
});
let provider: Server;
let upstreamCalls = 0;
let baseUrl = "";
let workerUrl: URL;

beforeAll(async () => {
  provider = createServer((request, response) => {
    request.resume().on("end", () => {
      upstreamCalls += 1;
      setTimeout(() => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(
          JSON.stringify({
            id: "1",
            choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
            usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
          }),
        );
      }, 100);
    });
  });
  await new Promise<void>((resolve) => {
    provider.listen(0, "127.0.0.1", resolve);
  });
  const address = provider.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  baseUrl = `http://127.0.0.1:${address.port}/v1`;
  workerUrl = (await harness.listen()).url;
}, 60_000);

afterAll(async () => {
  provider.closeAllConnections();
  provider.close();
  await harness.close();
});

async function accountOf(companyId: string): Promise<AccountStub> {
  const env = await harness.getWorker<{ COMPANY_ACCOUNT: { getByName(name: string): AccountStub } }>().getEnv();
  const account = env.COMPANY_ACCOUNT.getByName(companyId);
  await account.setPlan("model", planFor(baseUrl));
  return account;
}

const ask = (companyId: string, id: number) =>
  fetch(new URL("/v1/chat/completions", workerUrl), chatRequest(companyId, id));

async function terminalEndings(account: AccountStub, count: number): Promise<string[]> {
  for (let round = 0; round < 200; round += 1) {
    const { endCalls } = await account.log();
    const ids = endCalls.flat().flatMap((ending) => (ending.kind === "dispatched" ? [] : [ending.requestId]));
    if (ids.length >= count) return ids;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return [];
}

describe("many requests of one company at once", () => {
  it("share calls for their endings, and each is acknowledged once", async () => {
    const account = await accountOf("company-grouped");
    await account.script({ endDelayMs: 30 });
    const responses = await Promise.all(Array.from({ length: 60 }, (_, id) => ask("company-grouped", id)));
    expect(responses.map((response) => response.status)).toEqual(responses.map(() => 200));
    await Promise.all(responses.map((response) => response.text()));
    const ids = await terminalEndings(account, 60);
    expect(new Set(ids).size).toBe(60);
    expect(ids).toHaveLength(60);
    const log = await account.log();
    expect(log.openHolds).toEqual([]);
    expect(log.endCalls.length).toBeLessThan(30);
  });

  it("with money for ten holds: ten upstream calls and ten charges, the others are 402", async () => {
    const account = await accountOf("company-poor");
    await account.script({});
    await (await ask("company-poor", 0)).text();
    await terminalEndings(account, 1);
    const hold = (await account.log()).reserves[0]?.holdNanoUsd ?? 0;
    await account.script({ balanceNanoUsd: 10 * hold, keepCharges: true });
    upstreamCalls = 0;
    const responses = await Promise.all(Array.from({ length: 200 }, (_, id) => ask("company-poor", id + 1_000)));
    const statuses = responses.map((response) => response.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 402)).toHaveLength(190);
    expect(upstreamCalls).toBe(10);
    expect(await terminalEndings(account, 10)).toHaveLength(10);
  });

  it("that ask the same with the response cache on: one upstream call, all are answered, one is charged", async () => {
    const account = await accountOf("company-cached");
    await account.script({});
    upstreamCalls = 0;
    const askCached = (id: number) => {
      const request = chatRequest("company-cached", id);
      const headers = new Headers(request.headers);
      headers.set("x-aggregator-cache", "max-age=60");
      return fetch(new URL("/v1/chat/completions", workerUrl), { ...request, headers });
    };
    const responses = await Promise.all([askCached(1), askCached(2)]);
    expect(responses.map((response) => response.status)).toEqual([200, 200]);
    const states = responses.map((response) => response.headers.get("x-aggregator-cache"));
    expect(new Set(states)).toEqual(new Set(["hit", "miss"]));
    for (const response of responses) expect(await response.text()).toContain('"content":"Hi"');
    expect(upstreamCalls).toBe(1);
    await terminalEndings(account, 2);
    const { endCalls } = await account.log();
    const prices = endCalls.flat().flatMap((ending) => (ending.kind === "settle" ? [ending.priceNanoUsd] : []));
    expect(prices.sort((a, b) => a - b)).toEqual([0, 20_000]);
  });
});
