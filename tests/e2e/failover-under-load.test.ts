import { createServer, type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Operator } from "./support/operator.ts";
import { Platform, type Tenant } from "./walk/platform.ts";

/** A provider over HTTP that can be killed and healed. */
class Mortal {
  calls = 0;
  isDead = false;
  readonly #server: Server = createServer((request, response) => {
    request.resume();
    this.calls += 1;
    if (this.isDead) return void request.socket.destroy();
    response.setHeader("content-type", "application/json");
    response.end(ANSWER);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}/v1`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const ANSWER = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "m",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

const first = new Mortal();
const second = new Mortal();
let platform: Platform;
let operator: Operator;
let provider: string;
let other: string;
let tenant: Tenant;
let model: string;

beforeAll(async () => {
  platform = await Platform.fromFile();
  operator = await Operator.signIn(platform);
  tenant = await platform.newTenant("failover");
  provider = await operator.addProvider({ base_url: await first.start(), api_key: "sk-first", priority: 0 });
  other = await operator.addProvider({ base_url: await second.start(), api_key: "sk-second", priority: 1 });
  model = await operator.addModel({ provider, otherProvider: other, prices: { input: "1", output: "1" } });
}, 60_000);

afterAll(() => {
  first.stop();
  second.stop();
});

/** Statuses of the answers to `count` requests, ten at a time. */
async function load(count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  const ask = async () => {
    for (let share = 0; share < count / 10; share += 1) {
      const answer = await platform.sendJson(
        "POST",
        "/v1/chat/completions",
        { model, messages: [{ role: "user", content: "Hi" }] },
        tenant.key,
      );
      statuses.push(answer.status);
    }
  };
  await Promise.all(Array.from({ length: 10 }, ask));
  return statuses;
}

/** Open, or half-open between two probes. */
const UNWELL = ["open", "half_open"];

/** What the public status says of the first provider. */
function circuitOf(status: unknown): unknown {
  const { circuits } = z.object({ circuits: z.array(z.looseObject({ provider: z.string() })) }).parse(status);
  return circuits.find((circuit) => circuit.provider === provider);
}

describe("one of two providers killed under load", () => {
  it("no client sees it, within 5 s it gets less than 1 % of the traffic, and healed it gets it back", async () => {
    expect(new Set(await load(20))).toEqual(new Set([200]));
    expect(first.calls).toBeGreaterThan(0);

    first.isDead = true;
    const killedAt = performance.now();
    const statuses = await load(40);
    await sleep(Math.max(0, 2_000 - (performance.now() - killedAt)));
    const before = { first: first.calls, second: second.calls };
    const later = await load(240);
    expect(new Set([...statuses, ...later])).toEqual(new Set([200]));
    expect(second.calls - before.second).toBeGreaterThanOrEqual(240);
    // Single probes, fifteen times as often as in production.
    expect((first.calls - before.first) / 240).toBeLessThan(0.01);

    const status = await platform.send("GET", "/status.json");
    expect(UNWELL.map((state) => ({ provider, state }))).toContainEqual(circuitOf(status.body));

    first.isDead = false;
    const healed = first.calls;
    const deadline = performance.now() + 60_000;
    let share = 0;
    while (share < 0.9 && performance.now() < deadline) {
      const at = first.calls;
      expect(new Set(await load(20))).toEqual(new Set([200]));
      share = (first.calls - at) / 20;
      await sleep(500);
    }
    expect(first.calls).toBeGreaterThan(healed);
    expect(share).toBeGreaterThanOrEqual(0.9);
  }, 90_000);
});

/** A plan is at most 4 s old in a proxy, and what it is made from 1 s in the orchestrator (architecture.md). */
const IN_FORCE_MS = 5_500;

describe("an operator's kill switch", () => {
  it("takes a provider out within 5 s, the last one too, and puts it back", async () => {
    await operator.switchProvider(provider, false);
    await sleep(IN_FORCE_MS);
    const before = { first: first.calls, second: second.calls };
    expect(new Set(await load(20))).toEqual(new Set([200]));
    expect({ first: first.calls - before.first, second: second.calls - before.second }).toEqual({
      first: 0,
      second: 20,
    });

    await operator.switchProvider(other, false);
    await sleep(IN_FORCE_MS);
    expect(new Set(await load(10))).toEqual(new Set([503]));
    expect(first.calls + second.calls).toBe(before.first + before.second + 20);

    await operator.switchProvider(provider, true);
    await operator.switchProvider(other, true);
    await sleep(IN_FORCE_MS);
    expect(new Set(await load(10))).toEqual(new Set([200]));
    expect(first.calls).toBeGreaterThan(before.first);
  }, 60_000);
});
