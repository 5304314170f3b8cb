import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { APIError } from "openai";
import type OpenAI from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { type Balance, Ledger, until } from "./support/ledger.ts";
import { ask, collect, errorOf, openAi } from "./support/openai.ts";
import { Operator } from "./support/operator.ts";
import { Sandbox } from "./support/sandbox.ts";
import { Platform, type Tenant, valueAt } from "./walk/platform.ts";

/** Credit of a new company. */
const SIGNUP_NANO_USD = 100_000_000_000;

let platform: Platform;
let operator: Operator;
let sandbox: Sandbox;

beforeAll(async () => {
  platform = await Platform.fromFile();
  operator = await Operator.signIn(platform);
  sandbox = new Sandbox(await operator.sandboxUrl());
});

async function newCompany(): Promise<{ tenant: Tenant; client: OpenAI; ledger: Ledger }> {
  const tenant = await platform.newTenant("money");
  return { tenant, client: openAi(platform, tenant.key), ledger: new Ledger(platform, tenant) };
}

describe("case 1: a company with money for exactly ten holds", () => {
  it("that sends 200 requests at once reaches the provider 10 times, is refused 190 times and never owes", async () => {
    const { client, ledger } = await newCompany();
    // Ten requests of 9.5 USD fit into 100 USD, held or paid; eleven do not.
    const model = await operator.addModel({ prices: { input: "1", output: "1", request: "9.5" } });
    const label = randomUUID();
    const request = { ...ask("x", { max_tokens: 10, sandbox: { label, delay_ms: 1_500 } }), model };
    const seen: Balance[] = [];
    const done = new AbortController();
    const watcher = (async () => {
      while (!done.signal.aborted) {
        seen.push(await ledger.balance());
        await sleep(20);
      }
    })();
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async () => {
        try {
          await client.chat.completions.create(request);
          return "answered";
        } catch (error) {
          return error instanceof APIError ? `${error.status} ${error.code}` : String(error);
        }
      }),
    );
    done.abort();
    await watcher;
    const count = (outcome: string) => outcomes.filter((each) => each === outcome).length;
    expect([count("answered"), count("402 insufficient_balance")]).toEqual([10, 190]);
    expect(await sandbox.calls(label)).toHaveLength(10);
    expect(seen.some(({ held_nano_usd: held }) => held > 0)).toBe(true);
    expect(seen.filter((balance) => balance.available_nano_usd < 0 || balance.posted_nano_usd < 0)).toEqual([]);
    const after = await ledger.settled();
    const charges = (await ledger.entries()).filter(({ kind }) => kind === "charge");
    expect(charges).toHaveLength(10);
    const paid = charges.reduce((sum, { amount_nano_usd: amount }) => sum - amount, 0);
    expect(after.posted_nano_usd).toBe(SIGNUP_NANO_USD - paid);
    expect(after.available_nano_usd).toBeGreaterThanOrEqual(0);
  }, 40_000);
});

describe("a charge", () => {
  const prices = { input: "2.50", cached_input: "0.25", output: "10", reasoning: "7.000000003" };

  it.each<[string, { cached_tokens?: number; reasoning_tokens?: number; tokens?: number }, boolean]>([
    ["plain", {}, false],
    ["with cached tokens", { cached_tokens: 7 }, false],
    ["with reasoning", { reasoning_tokens: 11, tokens: 3 }, false],
    ["streamed, with all of them", { cached_tokens: 5, reasoning_tokens: 3, tokens: 40 }, true],
  ])("is tokens × price to the nano-dollar, cached tokens once: %s", async (_, fields, stream) => {
    const { client, ledger } = await newCompany();
    const model = await operator.addModel({ prices });
    const question = "What is the airspeed velocity of an unladen swallow, on the average?";
    const { requestId, usage } = await answer(client, { ...ask(question, { sandbox: fields }), model }, stream);
    const cached = fields.cached_tokens ?? 0;
    const reasoning = fields.reasoning_tokens ?? 0;
    expect(usage).toMatchObject({
      prompt_tokens_details: { cached_tokens: cached },
      completion_tokens_details: { reasoning_tokens: reasoning },
    });
    const picos =
      BigInt(usage.prompt_tokens - cached) * 2_500_000_000n +
      BigInt(cached) * 250_000_000n +
      BigInt(usage.completion_tokens - reasoning) * 10_000_000_000n +
      BigInt(reasoning) * 7_000_000_003n;
    const owed = Number((picos + 999_999n) / 1_000_000n);
    const charge = await ledger.chargeOf(requestId);
    expect(charge).toMatchObject({
      amount_nano_usd: -owed,
      balance_after_nano_usd: SIGNUP_NANO_USD - owed,
      provider: "sandbox",
      model,
    });
    expect(valueAt(usage, "cost_nano_usd")).toBe(owed);
    expect(await ledger.settled()).toMatchObject({ posted_nano_usd: SIGNUP_NANO_USD - owed, held_nano_usd: 0 });
    const classes = (await ledger.receipt(requestId))["usage"] as Readonly<Record<string, number>>;
    expect(Object.values(classes).reduce((sum, units) => sum + units, 0)).toBe(usage.total_tokens);
  });

  it("is estimated and says so where the provider reports nothing", async () => {
    const { client, ledger } = await newCompany();
    const silent = ask("one two three", { sandbox: { no_usage: true } });
    const { response } = await client.chat.completions.create(silent).withResponse();
    const charge = await ledger.chargeOf(requestIdOf(response));
    expect(charge.metadata).toMatchObject({ estimated: true });
    expect(charge.amount_nano_usd).toBeLessThan(0);
  });

  it("is none for a request that no provider served, and nothing stays held", async () => {
    const { client, ledger } = await newCompany();
    for (const fault of [{ status: 500 }, { status: 400 }, { status: 429 }, { error_frame: true }]) {
      await errorOf(client.chat.completions.create(ask("x", { sandbox: fault })));
    }
    expect(await ledger.settled()).toMatchObject({ posted_nano_usd: SIGNUP_NANO_USD });
    expect((await ledger.entries()).filter(({ kind }) => kind === "charge")).toEqual([]);
  });

  it("is one for a request that is repeated with its Idempotency-Key", async () => {
    const { client, ledger } = await newCompany();
    const label = randomUUID();
    const request = ask("x", { sandbox: { label } });
    const options = { headers: { "idempotency-key": randomUUID() } };
    await client.chat.completions.create(request, options);
    const repeated = await errorOf(client.chat.completions.create(request, options));
    expect(repeated).toMatchObject({ status: 409 });
    expect(await sandbox.calls(label)).toHaveLength(1);
    await ledger.settled();
    expect((await ledger.entries()).filter(({ kind }) => kind === "charge")).toHaveLength(1);
  });

  it("shows in the usage once the queue has brought it", async () => {
    const { tenant, client, ledger } = await newCompany();
    const { response } = await client.chat.completions.create(ask("one two three")).withResponse();
    const { amount_nano_usd: amount } = await ledger.chargeOf(requestIdOf(response));
    const from = new Date(Date.now() - 3_600_000).toISOString();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const rows = await until(15_000, async () => {
      const usage = await platform.send("GET", `/v1/usage?from=${from}&to=${to}&group_by=model`, {
        headers: { authorization: `Bearer ${tenant.token}` },
      });
      const data = valueAt(usage.body, "data");
      return Array.isArray(data) && data.length > 0 ? (data as unknown[]) : null;
    });
    expect(rows).toMatchObject([
      {
        group: { model: "sandbox/echo" },
        requests: 1,
        errors: 0,
        input_tokens: 5,
        output_tokens: 3,
        cost_nano_usd: -amount,
      },
    ]);
  });
});

describe("case 8: a request that does not bound its answer", () => {
  const [maxOutputTokens, perMillion] = [1_000, 50];

  it.each([
    ["max_tokens absent", {}],
    ["10⁹", { max_tokens: 1_000_000_000 }],
    ["one more than the model can", { max_tokens: maxOutputTokens + 1 }],
  ])("%s: holds what the model can produce at most, and a second small request still fits", async (_, limit) => {
    const { client, ledger } = await newCompany();
    const model = await operator.addModel({ prices: { input: "0", output: String(perMillion) }, maxOutputTokens });
    const slow = client.chat.completions.create({ ...ask("x", { sandbox: { delay_ms: 700 }, ...limit }), model });
    const held = await until(5_000, async () => {
      const { held_nano_usd: now } = await ledger.balance();
      return now > 0 ? now : null;
    });
    expect(held).toBe(maxOutputTokens * perMillion * 1_000);
    const small = await client.chat.completions.create({ ...ask("y", { max_tokens: 1 }), model });
    expect(small.choices).toHaveLength(1);
    await slow;
    expect((await ledger.settled()).available_nano_usd).toBeGreaterThan(0);
  });

  it("max_tokens 0 is refused by name, and nothing is held", async () => {
    const { client, ledger } = await newCompany();
    const error = await errorOf(client.chat.completions.create(ask("x", { max_tokens: 0 })));
    expect(error).toMatchObject({ status: 400, param: "max_tokens" });
    expect(await ledger.balance()).toMatchObject({ posted_nano_usd: SIGNUP_NANO_USD, held_nano_usd: 0 });
  });
});

describe("case 7: a model without a price", () => {
  it("is refused before any upstream call", async () => {
    const { client, ledger } = await newCompany();
    const model = await operator.addModel({});
    const label = randomUUID();
    const error = await errorOf(client.chat.completions.create({ ...ask("x", { sandbox: { label } }), model }));
    expect(error).toMatchObject({ status: 400, code: "model_not_priced" });
    expect(await sandbox.calls(label)).toEqual([]);
    expect(await ledger.balance()).toMatchObject({ posted_nano_usd: SIGNUP_NANO_USD, held_nano_usd: 0 });
  });
});

function requestIdOf(response: Response): string {
  return response.headers.get("x-request-id") ?? "";
}

/** Asks, streamed or not; the request's id and the usage that the client saw. */
async function answer(
  client: OpenAI,
  request: ReturnType<typeof ask>,
  stream: boolean,
): Promise<{ requestId: string; usage: OpenAI.CompletionUsage }> {
  let usage: OpenAI.CompletionUsage | null | undefined;
  let requestId: string;
  if (stream) {
    const options = { stream: true as const, stream_options: { include_usage: true } };
    const { data, response } = await client.chat.completions.create({ ...request, ...options }).withResponse();
    usage = (await collect(data)).at(-1)?.usage;
    requestId = requestIdOf(response);
  } else {
    const { data, response } = await client.chat.completions.create(request).withResponse();
    usage = data.usage;
    requestId = requestIdOf(response);
  }
  if (usage === null || usage === undefined) throw new Error("the client saw no usage");
  return { requestId, usage };
}
