import type { UsageCell } from "@aggregator/contracts/usage-events";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { upsertCells } from "../src/db/upsert-cells.ts";
import { latestCells } from "../src/domain/latest-cells.ts";
import { cell, HOUR_MS, histogram, message, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";
import { deliver, type Sent } from "./deliver.ts";
import { failingDatabase } from "./failing-database.ts";

beforeEach(async () => {
  await clearDatabase();
});

async function storedTotals(): Promise<unknown> {
  return env.DB.prepare(
    "SELECT count(*) AS cells, sum(requests) AS requests, sum(price_nano_usd) AS price FROM usage_hourly",
  ).first();
}

describe("the consumer of usage-events", () => {
  it("stores a cell as the account told it", async () => {
    const sent = cell({ member_id: "member-9", latency_ms_histogram: histogram({ 0: 2, 20: 1 }), loss_nano_usd: 7 });
    const result = await deliver("usage-events", [{ id: "m1", body: message("company-1", [sent]) }]);
    const row = await env.DB.prepare("SELECT * FROM usage_hourly").first();
    expect(row).toEqual({
      ...sent,
      company_id: "company-1",
      latency_ms_histogram: JSON.stringify(sent.latency_ms_histogram),
      time_to_first_token_ms_histogram: JSON.stringify(sent.time_to_first_token_ms_histogram),
    });
    expect(result.explicitAcks).toEqual(["m1"]);
  });

  it("keeps the newest state when messages repeat and arrive out of order", async () => {
    const states = [1, 2, 3].map((version) => cell({ version, requests: version, price_nano_usd: version * 100 }));
    for (const state of [states[1], states[2], states[0], states[2], states[1]]) {
      if (state !== undefined) await deliver("usage-events", [{ id: "m", body: message("company-1", [state]) }]);
    }
    expect(await storedTotals()).toEqual({ cells: 1, requests: 3, price: 300 });
  });

  it("follows an adjustment that lowers the price", async () => {
    await deliver("usage-events", [{ id: "a", body: message("c", [cell({ version: 1, price_nano_usd: 500 })]) }]);
    await deliver("usage-events", [{ id: "b", body: message("c", [cell({ version: 2, price_nano_usd: -20 })]) }]);
    expect(await storedTotals()).toEqual({ cells: 1, requests: 1, price: -20 });
  });

  it("keeps the same dimensions of two companies apart", async () => {
    await deliver("usage-events", [
      { id: "a", body: message("company-1", [cell()]) },
      { id: "b", body: message("company-2", [cell()]) },
    ]);
    expect(await storedTotals()).toEqual({ cells: 2, requests: 2, price: 2_200 });
  });

  it("writes at most one row per distinct cell for a batch of 1,000 events", async () => {
    const events = Array.from({ length: 1_000 }, (_, index) =>
      cell({ key_id: `key-${index % 37}`, version: index + 1, requests: Math.floor(index / 37) + 1 }),
    );
    const messages = Array.from({ length: 50 }, (_, index) =>
      message("company-1", events.slice(index * 20, index * 20 + 20)),
    );
    const db = openDatabase(env.DB);
    const rows = await upsertCells(db, latestCells(messages), T0_MS);
    expect(rows).toBe(37);
    expect(await upsertCells(db, latestCells(messages), T0_MS)).toBe(0);
    const newer = events.slice(0, 37).map((event) => ({ ...event, version: 5_000 }));
    expect(await upsertCells(db, latestCells([message("company-1", newer)]), T0_MS)).toBe(37);
  });

  it("case 61: acknowledges nine of ten and records the tenth with its reason", async () => {
    const sent: Sent[] = Array.from({ length: 10 }, (_, index) => ({
      id: `m${index}`,
      body: message("company-1", [cell({ key_id: `key-${index}` })]),
    }));
    sent[4] = { id: "m4", body: { ...message("company-1", [cell()]), version: 99 } };
    const result = await deliver("usage-events", sent);
    expect(result.explicitAcks.toSorted()).toEqual(sent.map(({ id }) => id));
    expect(result.retryMessages).toEqual([]);
    expect(await storedTotals()).toEqual({ cells: 9, requests: 9, price: 9_900 });
    const letters = await env.DB.prepare(
      "SELECT id, queue, reason, is_truncated, attempts, body FROM dead_letters",
    ).all();
    expect(letters.results).toEqual([
      {
        id: "m4",
        queue: "usage-events",
        reason: "version: Invalid input: expected 1",
        is_truncated: 0,
        attempts: 1,
        body: JSON.stringify(sent[4].body),
      },
    ]);
  });

  it.each([
    ["a number", 7],
    ["no body", undefined],
    ["a fraction of a nano-dollar", message("c", [cell({ price_nano_usd: 0.5 })])],
    ["a negative count", message("c", [cell({ requests: -1 })])],
    ["a number beyond the safe range", message("c", [cell({ input_tokens: 2 ** 53 })])],
    ["a histogram of another length", message("c", [cell({ latency_ms_histogram: [1, 2] })])],
    ["no cells", { ...message("c", [cell()]), cells: [] }],
  ])("records a message with %s as a dead letter", async (_, body) => {
    const result = await deliver("usage-events", [{ id: "poison", body }]);
    expect(result.explicitAcks).toEqual(["poison"]);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM dead_letters").first("n")).toBe(1);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM usage_hourly").first("n")).toBe(0);
  });

  it("bounds what it keeps of a huge message", async () => {
    await deliver("usage-events", [{ id: "huge", body: { blob: "x".repeat(1_000_000) } }]);
    const letter = await env.DB.prepare("SELECT length(body) AS size, is_truncated FROM dead_letters").first();
    expect(letter).toEqual({ size: 262_144, is_truncated: 1 });
  });

  it("retries every message later, acknowledging none, while the database is away", async () => {
    const result = await deliver(
      "usage-events",
      [
        { id: "good", body: message("c", [cell()]), attempts: 3 },
        { id: "poison", body: 1 },
      ],
      { DB: failingDatabase(env.DB, () => true) },
    );
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryDelays).toEqual({ poison: 5, good: 20 });
  });

  it("retries only the message that the database refuses", async () => {
    const result = await deliver(
      "usage-events",
      [
        { id: "a", body: message("c", [cell({ key_id: "a" })]) },
        { id: "b", body: message("c", [cell({ key_id: "refused" })]) },
        { id: "c", body: message("c", [cell({ key_id: "c" })]) },
      ],
      { DB: failingDatabase(env.DB, (parameters) => parameters.some((value) => String(value).includes("refused"))) },
    );
    expect(result.explicitAcks).toEqual(["a", "c"]);
    expect(result.retryDelays).toEqual({ b: 5 });
    expect(await storedTotals()).toEqual({ cells: 2, requests: 2, price: 2_200 });
  });

  it("case 60: equals the ledger to the nano after five shuffled redeliveries with one in ten throwing", async () => {
    const random = seededRandom(20_261_123);
    const { sent, ledgerNanoUsd, requests } = ledgerOf(random, 600);
    let calls = 0;
    const flaky = failingDatabase(env.DB, () => (calls += 1) % 10 === 0);
    let pending: Sent[] = shuffle(random, Array.from({ length: 5 }, () => sent).flat());
    let rounds = 0;
    while (pending.length > 0 && rounds < 1_000) {
      rounds += 1;
      const batch = pending.splice(0, 1 + Math.floor(random() * 20));
      const unique = batch.map((one, index) => ({ ...one, id: `${one.id}-${rounds}-${index}` }));
      const result = await deliver("usage-events", unique, { DB: flaky });
      const retried = new Set(result.retryMessages.map(({ msgId }) => msgId));
      pending = shuffle(random, [...pending, ...batch.filter((_, index) => retried.has(unique[index]?.id ?? ""))]);
    }
    expect(pending).toEqual([]);
    expect(await storedTotals()).toMatchObject({ requests, price: ledgerNanoUsd });
  });
});

describe("the consumer of the dead-letter queue", () => {
  it("keeps the message with its reason, once, and acknowledges it", async () => {
    const body = message("company-1", [cell()]);
    const result = await deliver("usage-events-dead", [{ id: "dead", body, attempts: 1 }]);
    await deliver("usage-events-dead", [{ id: "dead", body, attempts: 2 }]);
    expect(result.explicitAcks).toEqual(["dead"]);
    const letters = await env.DB.prepare("SELECT id, queue, reason, body FROM dead_letters").all();
    expect(letters.results).toEqual([
      { id: "dead", queue: "usage-events-dead", reason: "retries exhausted", body: JSON.stringify(body) },
    ]);
  });

  it("is retried, not lost, while the database is away", async () => {
    const result = await deliver("usage-events-dead", [{ id: "dead", body: {} }], {
      DB: failingDatabase(env.DB, () => true),
    });
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryDelays).toEqual({ dead: 5 });
  });
});

/** An account's life: entries counted into cells of growing version, told in messages of up to eight cells. */
function ledgerOf(random: () => number, entries: number) {
  const cells = new Map<string, UsageCell>();
  const sent: Sent[] = [];
  let changed = new Map<string, UsageCell>();
  let ledgerNanoUsd = 0;
  for (let seq = 1; seq <= entries; seq += 1) {
    const priceNanoUsd = Math.floor(random() * 1_000_000_007);
    const keyId = `key-${Math.floor(random() * 4)}`;
    const hourMs = T0_MS + Math.floor(random() * 6) * HOUR_MS;
    const name = `${keyId}/${hourMs}`;
    const before = cells.get(name);
    const after = cell({
      key_id: keyId,
      hour_ms: hourMs,
      version: seq,
      requests: (before?.requests ?? 0) + 1,
      price_nano_usd: (before?.price_nano_usd ?? 0) + priceNanoUsd,
    });
    cells.set(name, after);
    changed.set(name, after);
    ledgerNanoUsd += priceNanoUsd;
    if (changed.size === 8 || seq === entries) {
      sent.push({ id: `m${seq}`, body: message("company-1", [...changed.values()]) });
      changed = new Map();
    }
  }
  return { sent, ledgerNanoUsd, requests: entries };
}

/** Mulberry32: a small seeded generator, so that a failure can be repeated. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffle<Item>(random: () => number, items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
