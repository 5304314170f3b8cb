/**
 * Case 71: one company at 1,500 requests a second for five minutes. Whatever is refused is refused with 429
 * or 503 and a time to come back, no settlement is lost, and the ledger charges to the nano-USD what the
 * answers say. `node bench/overload/main.ts [--rate 1500] [--duration-s 300] [--p99-budget-ms 250]`
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { PlatformClient } from "../../tools/dev/platform-client.ts";
import { startMock } from "../mock/start-mock.ts";
import { type BenchPlatform, startBenchPlatform } from "../subjects/platform.ts";
import { chat } from "../subjects/subject.ts";
import { type Balance, judgeOverload } from "./judge-overload.ts";
import { type Offered, offerLoad } from "./offer-load.ts";

/** Sockets of one machine; those whom they do not suffice for have given up. */
const MAX_UNANSWERED = 2_000;
const WARM_UP = { ratePerSecond: 50, durationMs: 2_000 };
/** Longer than any lease. */
const SETTLE_WITHIN_MS = 120_000;

const Options = z.object({
  rate: z.coerce.number().int().min(1).max(100_000),
  durationS: z.coerce.number().int().min(1).max(86_400),
  p99BudgetMs: z.coerce.number().positive().nullable(),
});

const BalanceBody = z.object({ posted_nano_usd: z.number().int(), held_nano_usd: z.number().int() });

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "1500" },
    "duration-s": { type: "string", default: "300" },
    "p99-budget-ms": { type: "string" },
  },
});
const options = Options.parse({
  rate: values.rate,
  durationS: values["duration-s"],
  p99BudgetMs: values["p99-budget-ms"] ?? null,
});

const folder = await mkdtemp(join(tmpdir(), "aggregator-overload-"));
const mock = await startMock();
try {
  const platform = await startBenchPlatform({ folder, mockPort: mock.port });
  try {
    await overload(platform);
  } finally {
    await platform.stop();
  }
} finally {
  mock.stop();
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

async function overload(platform: BenchPlatform): Promise<void> {
  const { rate, durationS, p99BudgetMs } = options;
  const load = { port: platform.port, request: chat(platform), maxUnanswered: MAX_UNANSWERED };
  const company = await platform.signIn();
  await offerLoad({ ...load, ...WARM_UP });
  const before = await settledBalance(company);
  const offered = await offerLoad({ ...load, ratePerSecond: rate, durationMs: durationS * 1_000 });
  // A session lasts 15 minutes, the run may not.
  const after = await settledBalance(await platform.signIn());
  const faults = judgeOverload(offered, before, after, p99BudgetMs);
  console.log(describe(offered, rate, durationS));
  for (const fault of faults) console.log(`✗ ${fault}`);
  console.log(`case 71: ${faults.length === 0 ? "holds" : "not shown"}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

/** The balance once nothing is held any more, or as it is when that takes too long. */
async function settledBalance(company: PlatformClient): Promise<Balance> {
  const untilMs = Date.now() + SETTLE_WITHIN_MS;
  for (;;) {
    const balance = BalanceBody.parse(await company.expect("GET", "/v1/billing/balance"));
    if (balance.held_nano_usd === 0 || Date.now() > untilMs) return balance;
    await sleep(500);
  }
}

function describe({ sent, givenUp, byStatus, latencyMs }: Offered, rate: number, durationS: number): string {
  const statuses = [...byStatus].map(([status, count]) => `${count} × ${status}`).join(", ");
  return (
    `${rate}/s for ${durationS} s: ${sent} sent, ${givenUp} given up unsent, ${statuses}; ` +
    `served in ${latencyMs.p50.toFixed(0)} ms (p50), ${latencyMs.p99.toFixed(0)} ms (p99)`
  );
}
