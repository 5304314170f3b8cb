import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningPlatform, startPlatform } from "../../tools/dev/start-platform.ts";
import { type Entry, Ledger, until } from "./support/ledger.ts";
import { ask, openAi } from "./support/openai.ts";
import { Sandbox } from "./support/sandbox.ts";
import { Platform, type Tenant } from "./walk/platform.ts";

const LEASE_MS = 2_000;
/** After the lease the account's alarm has its turn; on a busy machine that takes a moment. */
const WITHIN_MS = LEASE_MS + 6_000;
const SIGNUP_NANO_USD = 7_000_000_000;

let stateDir: string;
let running: RunningPlatform;
let platform: Platform;
let sandbox: Sandbox;

/** `port` absent: any; sessions are bound to the address that they were opened at. */
async function start(port?: number): Promise<void> {
  running = await startPlatform({
    stateDir,
    ...(port === undefined ? {} : { port }),
    env: { HOLD_LEASE_MS: String(LEASE_MS), CHECKPOINT_INTERVAL_MS: "400", SIGNUP_CREDIT_USD: "7" },
    quiet: true,
  });
  platform = new Platform(running.credentials);
  sandbox = new Sandbox(running.sandboxUrl);
}

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "aggregator-crash-"));
  await start();
});

afterAll(async () => {
  await running.stop();
  await rm(stateDir, { recursive: true, force: true });
});

describe("a client that dies in the middle of a stream", () => {
  it("leaves no hold after the lease and is charged once for what was produced", async () => {
    const tenant = await platform.newTenant("client");
    const ledger = new Ledger(platform, tenant);
    const label = randomUUID();
    const requestId = await streamAndDie(tenant, { label, tokens: 2_000, chunk_delay_ms: 20 }, 1_000);
    const balance = await ledger.settled(WITHIN_MS);
    const charge = onlyChargeOf(await ledger.entries(requestId));
    expect(balance.posted_nano_usd).toBe(SIGNUP_NANO_USD + charge.amount_nano_usd);
    const [upstream] = await sandbox.calls(label);
    expect(upstream?.state).toBe("aborted");
    // The prompt and what had been produced by then, at 1 and 2 USD per million, and not the 2,000 tokens.
    expect(-charge.amount_nano_usd).toBeGreaterThan(10 * 2_000);
    expect(-charge.amount_nano_usd).toBeLessThan(1_000 * 2_000);
  });

  it("before the first byte leaves no hold either, and pays at most the prompt", async () => {
    const tenant = await platform.newTenant("client");
    const ledger = new Ledger(platform, tenant);
    const label = randomUUID();
    const client = openAi(platform, tenant.key);
    const controller = new AbortController();
    const gone = client.chat.completions
      .create(ask("x", { sandbox: { label, hang: true } }), { signal: controller.signal })
      .catch(() => null);
    await until(5_000, async () => ((await sandbox.calls(label)).length > 0 ? true : null));
    controller.abort();
    await gone;
    const balance = await ledger.settled(WITHIN_MS);
    expect(SIGNUP_NANO_USD - balance.posted_nano_usd).toBeLessThan(1_000_000);
    expect((await ledger.entries()).filter(({ kind }) => kind === "charge").length).toBeLessThanOrEqual(1);
  });
});

describe("case 19: a platform that is killed in the middle of requests", () => {
  it("comes back with its data, no hold after the lease, and every dispatched request charged once", async () => {
    const tenant = await platform.newTenant("crash");
    const ledger = new Ledger(platform, tenant);
    const client = openAi(platform, tenant.key);
    const { response } = await client.chat.completions.create(ask("before the crash")).withResponse();
    const before = await ledger.chargeOf(response.headers.get("x-request-id") ?? "");

    const label = randomUUID();
    const streaming = streamAndDie(tenant, { label, tokens: 5_000, chunk_delay_ms: 20 }, null);
    const hanging = client.chat.completions.create(ask("x", { sandbox: { label, hang: true } })).catch(() => null);
    await until(10_000, async () => {
      const calls = await sandbox.calls(label);
      return calls.length === 2 && calls.some(({ produced }) => produced > 60) ? true : null;
    });
    expect((await ledger.balance()).held_nano_usd).toBeGreaterThan(0);
    // Its dispatch is marked within milliseconds: neither a chunk nor a checkpoint is needed for its charge.
    const justSent = client.chat.completions.create(ask("x", { sandbox: { label, hang: true } })).catch(() => null);
    await until(10_000, async () => ((await sandbox.calls(label)).length === 3 ? true : null));
    await new Promise((resolve) => setTimeout(resolve, 150));
    await running.kill();
    const streamId = await streaming;
    await Promise.all([hanging, justSent]);
    await start(Number(new URL(running.origin).port));

    const again = new Ledger(platform, tenant);
    const balance = await again.settled(WITHIN_MS);
    const charges = (await again.entries()).filter(({ kind }) => kind === "charge");
    expect(charges).toHaveLength(4);
    expect(charges.at(-1)).toEqual(before);
    const streamed = onlyChargeOf(charges.filter(({ request_id: id }) => id === streamId));
    expect(streamed.metadata).toMatchObject({ estimated: true });
    // The last checkpoint knew more than the prompt.
    expect(-streamed.amount_nano_usd).toBeGreaterThan(10 * 2_000);
    const paid = charges.reduce((sum, { amount_nano_usd: amount }) => sum - amount, 0);
    expect(balance).toMatchObject({ posted_nano_usd: SIGNUP_NANO_USD - paid, held_nano_usd: 0 });

    // The session, the key, the catalogue and the money outlived it.
    const { choices } = await openAi(platform, tenant.key).chat.completions.create(ask("after the crash"));
    expect(choices[0]?.message.content).toBe("after the crash");
    expect(running.credentials.company).toEqual(platform.credentials.company);
  }, 60_000);
});

/** Opens a stream and cuts its connection after `afterMs` (null: never); the request's id once it is cut. */
function streamAndDie(
  tenant: Tenant,
  fields: Readonly<Record<string, unknown>>,
  afterMs: number | null,
): Promise<string> {
  return new Promise((resolve) => {
    let requestId = "";
    const outgoing = httpRequest(`${platform.origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
    });
    const end = () => resolve(requestId);
    outgoing.once("error", end);
    outgoing.once("response", (incoming) => {
      requestId = String(incoming.headers["x-request-id"]);
      incoming.on("error", end).on("close", end).resume();
      if (afterMs !== null) setTimeout(() => outgoing.destroy(), afterMs);
    });
    outgoing.end(JSON.stringify(ask("x", { stream: true, max_tokens: 4_000, sandbox: fields })));
  });
}

function onlyChargeOf(entries: readonly Entry[]): Entry {
  const charges = entries.filter(({ kind }) => kind === "charge");
  const [charge] = charges;
  if (charge === undefined || charges.length > 1) throw new Error(`${charges.length} charges`);
  return charge;
}
