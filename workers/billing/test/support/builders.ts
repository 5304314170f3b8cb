import type { Checkpoint, Release, ReserveInput, Settlement } from "@aggregator/contracts/account";
import type { RequestRecord } from "@aggregator/contracts/request-record";

/** A request id whose time part is `atMs` and whose rest is `tail`, so that tests can collide on purpose. */
export function requestId(atMs: number, tail: number): string {
  const time = atMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail.toString(16).padStart(12, "0")}`;
}

export function aReserve(overrides: Partial<ReserveInput> & { requestId: string }): ReserveInput {
  return {
    idempotency: null,
    keyId: "key-1",
    memberId: null,
    holdNanoUsd: 100,
    promptNanoUsd: 10,
    estimatedTokens: 80,
    leaseMs: 60_000,
    keyLimits: {},
    companyLimits: {},
    keyBudget: null,
    subject: {
      endpoint: "/v1/chat/completions",
      requestedModel: "sandbox/echo",
      provider: "sandbox",
      model: "sandbox/echo",
      priceVersion: "price-1",
      stream: false,
    },
    ...overrides,
  };
}

export function aRecord(overrides: Partial<RequestRecord> = {}): RequestRecord {
  return {
    status: 200,
    errorCode: null,
    provider: "sandbox",
    model: "sandbox/echo",
    attempts: [],
    usage: { input: 5, output: 7 },
    usageQuality: "reported",
    priceVersion: "price-1",
    finishReason: "stop",
    latencyMs: 42,
    timeToFirstTokenMs: 12,
    clientDisconnected: false,
    cache: "off",
    clientRequestId: null,
    ...overrides,
  };
}

export function aSettlement(requestId: string, priceNanoUsd: number, overrides: Partial<Settlement> = {}): Settlement {
  return {
    kind: "settle",
    requestId,
    priceNanoUsd,
    costNanoUsd: priceNanoUsd,
    usageQuality: "reported",
    record: aRecord(),
    ...overrides,
  };
}

export function aRelease(requestId: string): Release {
  return {
    kind: "release",
    requestId,
    record: aRecord({ status: 502, errorCode: "upstream_error", provider: null, model: null, usage: null }),
  };
}

export function aCheckpoint(requestId: string, priceNanoUsd: number, overrides: Partial<Checkpoint> = {}): Checkpoint {
  return {
    requestId,
    usage: { input: 5, output: 1 },
    priceNanoUsd,
    costNanoUsd: priceNanoUsd,
    leaseMs: 60_000,
    raiseHoldToNanoUsd: null,
    ...overrides,
  };
}
