import { DIRECT_SOCKET, type WorkerOptions } from "./compose-config.ts";

export const ACCOUNT_DRIVER = "account-driver";

/**
 * A Worker that does to the accounts what the proxy does, and nothing else: reserve and settle, for so
 * many lanes at once, for so long. `group` items of a lane share a call, as those of an isolate do.
 */
const SCRIPT = `
const pad = (number, length) => number.toString(16).padStart(length, "0");
let count = 0;
const requestId = () => {
  count += 1;
  const time = pad(Date.now(), 12);
  return "req_" + time.slice(0, 8) + "-" + time.slice(8) + "-7000-8000-" + pad(count, 12);
};
const reserveOf = (id) => ({
  requestId: id, idempotency: null, keyId: "key_bench", memberId: null,
  holdNanoUsd: 100000, promptNanoUsd: 100, estimatedTokens: 100, leaseMs: 120000,
  keyLimits: {}, companyLimits: {}, keyBudget: null,
  subject: { endpoint: "/v1/chat/completions", requestedModel: "bench/echo", provider: "sandbox", model: "bench/echo", priceVersion: "price_bench", stream: false },
});
const settleOf = (id) => ({
  kind: "settle", requestId: id, costNanoUsd: 120, priceNanoUsd: 120, usageQuality: "reported",
  record: {
    status: 200, errorCode: null, provider: "sandbox", model: "bench/echo", usage: { input: 12, output: 9 },
    attempts: [{ endpointId: "endpoint_bench", provider: "sandbox", outcome: "success", status: 200, startedAtMs: Date.now(), firstByteMs: 1, durationMs: 2, lossNanoUsd: 0 }],
    usageQuality: "reported", priceVersion: "price_bench", finishReason: "stop", latencyMs: 3, timeToFirstTokenMs: null,
    clientDisconnected: false, cache: "off", clientRequestId: null,
  },
});
async function drive(env, company, group, untilMs) {
  let pairs = 0;
  let endings = [];
  while (Date.now() < untilMs) {
    const reserves = Array.from({ length: group }, () => reserveOf(requestId()));
    const { reserved } = await env.COMPANY_ACCOUNT.getByName(company).exchange({ endings, reserves });
    const refused = reserved.find((reply) => !reply.ok);
    if (refused !== undefined) throw new Error(JSON.stringify(refused.error));
    pairs += endings.length;
    endings = reserves.map((input) => settleOf(input.requestId));
  }
  const { ended } = await env.COMPANY_ACCOUNT.getByName(company).exchange({ endings, reserves: [] });
  if (!ended.every((outcome) => outcome === "applied")) throw new Error("an ending was not applied");
  return pairs + endings.length;
}
async function driveOneByOne(env, company, untilMs) {
  let pairs = 0;
  while (Date.now() < untilMs) {
    const input = reserveOf(requestId());
    const { reserved } = await env.COMPANY_ACCOUNT.getByName(company).exchange({ endings: [], reserves: [input] });
    if (!reserved[0].ok) throw new Error(JSON.stringify(reserved[0].error));
    await env.COMPANY_ACCOUNT.getByName(company).exchange({ endings: [settleOf(input.requestId)], reserves: [] });
    pairs += 1;
  }
  return pairs;
}
export default {
  async fetch(request, env) {
    const { first, accounts, lanes, group, ms } = await request.json();
    const untilMs = Date.now() + ms;
    const pairs = await Promise.all(Array.from({ length: lanes }, (_, lane) => {
      const company = "00000000-0000-7000-8000-" + pad(first + (lane % accounts), 12);
      return group === 0 ? driveOneByOne(env, company, untilMs) : drive(env, company, group, untilMs);
    }));
    return Response.json({ pairs: pairs.reduce((sum, one) => sum + one, 0) });
  },
};`;

/** The driver's options, bound to the accounts of the platform beside it. */
export const accountDriver: WorkerOptions = {
  name: ACCOUNT_DRIVER,
  modules: true,
  script: SCRIPT,
  compatibilityDate: "2026-11-02",
  compatibilityFlags: [],
  durableObjects: {
    COMPANY_ACCOUNT: { className: "CompanyAccount", scriptName: "aggregator-billing", useSQLite: true },
  },
  ...DIRECT_SOCKET,
};
