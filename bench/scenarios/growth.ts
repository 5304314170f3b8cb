import type { LoadGenerator } from "../load/load-generator.ts";
import { median } from "../load/summary.ts";
import type { BenchPlatform } from "../subjects/platform.ts";
import { chat } from "../subjects/subject.ts";

/** What the grown platform has beside the demo's. */
export const GROWN = { companies: 10_000, models: 10_000, keys: 1_000 } as const;

export interface GrownFigures {
  /** Throughput of the grown platform against the small one at 16 connections, median of the rounds' ratios. */
  readonly throughputRatio: number;
  /** A key's first request, which reads the key and plans from D1, against that of the small platform. */
  readonly firstRequestMs: { readonly small: number; readonly grown: number };
}

const numbers = (count: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;

/** Statements that make a platform large, by database. */
export function growthStatements(nowMs: number): Readonly<Record<string, readonly string[]>> {
  const { companies, models, keys } = GROWN;
  return {
    "aggregator-auth": [
      `${numbers(companies)} INSERT INTO companies (id, name, email, referral_code, created_at_ms, updated_at_ms)
       SELECT 'grown-company-' || i, 'Company ' || i, 'grown-' || i || '@example.com', 'GROWN' || i, ${nowMs}, ${nowMs} FROM n`,
      `${numbers(keys)} INSERT INTO api_keys (id, company_id, name, key_hash, hint, scopes, created_at_ms, updated_at_ms)
       SELECT 'grown-key-' || i, 'grown-company-1', 'Key ' || i, 'grown-hash-' || i, 'ag_live_…', '[]', ${nowMs}, ${nowMs} FROM n`,
    ],
    "aggregator-orchestrator": [
      `${numbers(models)} INSERT INTO models (id, context_window, max_output_tokens, created_at_ms, updated_at_ms)
       SELECT 'grown/model-' || i, 128000, 4096, ${nowMs}, ${nowMs} FROM n`,
      `${numbers(models)} INSERT INTO endpoints (id, model_id, provider_slug, upstream_model, created_at_ms)
       SELECT 'grown-endpoint-' || i, 'grown/model-' || i, 'sandbox', 'echo-' || i, ${nowMs} FROM n`,
      `${numbers(models)} INSERT INTO prices (id, endpoint_id, base, tiers, source, active_from_ms, created_at_ms)
       SELECT 'grown-price-' || i, 'grown-endpoint-' || i, '{"input":10000000,"output":20000000}', '[]', 'operator', ${nowMs}, ${nowMs} FROM n`,
    ],
  };
}

/** What ten thousand companies and models and a thousand keys do to a request. */
export async function measureGrown(
  small: BenchPlatform,
  grown: BenchPlatform,
  load: LoadGenerator,
  { rounds, durationMs, warmUpMs }: { readonly rounds: number; readonly durationMs: number; readonly warmUpMs: number },
): Promise<GrownFigures> {
  const rate = async (subject: BenchPlatform, ms: number): Promise<number> => {
    const plan = { port: subject.port, request: chat(subject), connections: 16, warmUpMs: 0, isStream: false };
    return (await load.run({ ...plan, durationMs: ms })).requestsPerSecond;
  };
  await rate(grown, warmUpMs);
  const ratios: number[] = [];
  const first: { readonly small: number[]; readonly grown: number[] } = { small: [], grown: [] };
  for (let round = 0; round < rounds; round += 1) {
    const before = await rate(small, durationMs);
    ratios.push((await rate(grown, durationMs)) / before);
    for (let key = 0; key < 5; key += 1) {
      first.small.push(await firstRequestMs(small));
      first.grown.push(await firstRequestMs(grown));
    }
  }
  return {
    throughputRatio: median(ratios),
    firstRequestMs: { small: median(first.small), grown: median(first.grown) },
  };
}

async function firstRequestMs(platform: BenchPlatform): Promise<number> {
  const company = await platform.signIn();
  const made = await company.expect("POST", "/v1/api-keys", { name: "first request" });
  const key = typeof made === "object" && made !== null && "key" in made ? String(made.key) : "";
  const { path, body } = chat(platform);
  const startedAtMs = performance.now();
  const response = await fetch(`http://127.0.0.1:${platform.port}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body,
  });
  await response.text();
  if (!response.ok) throw new Error(`a new key's first request was answered with ${response.status}`);
  return performance.now() - startedAtMs;
}
