import type { Actor } from "@aggregator/contracts/actor";
import {
  LATENCY_BUCKETS_MS,
  USAGE_MESSAGE_VERSION,
  type UsageCell,
  type UsageMessage,
} from "@aggregator/contracts/usage-events";

export const HOUR_MS = 3_600_000;
export const T0_MS = Date.parse("2026-11-20T00:00:00.000Z");

/** A histogram with the counts given by bucket index. */
export function histogram(counts: Readonly<Record<number, number>> = {}): number[] {
  return Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, (_, index) => counts[index] ?? 0);
}

export function cell(overrides: Partial<UsageCell> = {}): UsageCell {
  return {
    hour_ms: T0_MS,
    key_id: "key-1",
    member_id: null,
    model: "sandbox/echo",
    provider: "sandbox",
    endpoint: "chat/completions",
    status: 200,
    version: 1,
    requests: 1,
    errors: 0,
    estimated: 0,
    cache_hits: 0,
    attempts: 1,
    input_tokens: 10,
    cached_input_tokens: 4,
    output_tokens: 20,
    reasoning_tokens: 0,
    cost_nano_usd: 1_000,
    price_nano_usd: 1_100,
    loss_nano_usd: 0,
    latency_ms_histogram: histogram({ 3: 1 }),
    time_to_first_token_ms_histogram: histogram({ 2: 1 }),
    ...overrides,
  };
}

export function message(companyId: string, cells: readonly UsageCell[]): UsageMessage {
  return {
    version: USAGE_MESSAGE_VERSION,
    company_id: companyId,
    through_seq: Math.max(...cells.map(({ version }) => version)),
    sent_at_ms: T0_MS,
    cells: [...cells],
  };
}

export function actorOf(companyId: string, overrides: Partial<Actor> = {}): Actor {
  return {
    kind: "member",
    companyId,
    memberId: "member-1",
    keyId: null,
    permissions: ["usage:read"],
    platformAdmin: false,
    ...overrides,
  };
}

/** An operator of the platform. */
export function operator(): Actor {
  return actorOf("company-of-the-operator", { permissions: [], platformAdmin: true });
}
