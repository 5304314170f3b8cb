import { z } from "zod";
import { median } from "../load/summary.ts";
import { ACCOUNT_DRIVER } from "../subjects/account-driver.ts";
import type { BenchPlatform } from "../subjects/platform.ts";

export interface AccountFigures {
  /** Two calls for each: one reserves, one settles. */
  readonly onOneAccount: number;
  readonly overHundredAccounts: number;
  /** Sixteen reserves and sixteen endings in a call, as a busy isolate sends them. */
  readonly grouped: number;
  readonly growth: GrowthFigure | null;
}

/** Time of a reserve and a settle on an account with many entries, against one with few. */
export interface GrowthFigure {
  readonly entries: number;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
  readonly rounds: readonly number[];
}

export interface AccountOptions {
  readonly rounds: number;
  readonly roundMs: number;
  /** How many entries the large account is given; 0: growth is not measured. */
  readonly entries: number;
  readonly say: (line: string) => void;
}

/** What the driver is to do: so many lanes over so many accounts, from the `first` on. */
interface Plan {
  readonly first: number;
  readonly accounts: number;
  readonly lanes: number;
  /** Items of a lane in one call; 0: reserve and settle in a call each. */
  readonly group: number;
  readonly ms: number;
}

const FILL_MS = 10_000;
const FILL_GROUP = 50;
const OPEN_MS = 500;
const Driven = z.object({ pairs: z.number() });

/** Reserves and settlements per second of the account alone: nothing but the driver's calls in between. */
export async function measureAccounts(platform: BenchPlatform, options: AccountOptions): Promise<AccountFigures> {
  const { rounds, roundMs: ms } = options;
  const rate = async (plan: Omit<Plan, "ms">): Promise<number> => {
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) rates.push(await drive(platform, { ...plan, ms }));
    return median(rates);
  };
  await drive(platform, { first: 0, accounts: 100, lanes: 100, group: 0, ms: 3_000 });
  return {
    onOneAccount: await rate({ first: 0, accounts: 1, lanes: 16, group: 0 }),
    overHundredAccounts: await rate({ first: 0, accounts: 100, lanes: 100, group: 0 }),
    grouped: await rate({ first: 0, accounts: 1, lanes: 1, group: 16 }),
    growth: options.entries === 0 ? null : await measureGrowth(platform, options),
  };
}

async function measureGrowth(platform: BenchPlatform, options: AccountOptions): Promise<GrowthFigure> {
  const { entries: wanted, rounds, roundMs: ms, say } = options;
  const [large, small] = [1_000, 2_000];
  let entries = 0;
  while (entries < wanted) {
    const plan = { first: large, accounts: 1, lanes: 2, group: FILL_GROUP, ms: FILL_MS };
    entries += (await drive(platform, plan)) * (FILL_MS / 1_000);
    say(`account filled to ${Math.round(entries)} entries`);
  }
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // A new account each time, so that it stays small; opened before it is timed.
    const plan = { accounts: 1, lanes: 1, group: 0 };
    for (const first of [small + round, large]) await drive(platform, { ...plan, first, ms: OPEN_MS });
    const few = await drive(platform, { ...plan, first: small + round, ms });
    const many = await drive(platform, { ...plan, first: large, ms });
    ratios.push(few / many);
  }
  return { entries: Math.round(entries), ratio: median(ratios), rounds: ratios };
}

/** Reserves and settlements per second over one plan. */
async function drive(platform: BenchPlatform, plan: Plan): Promise<number> {
  const startedAtMs = performance.now();
  const response = await fetch(`http://127.0.0.1:${platform.workerd.portOf(ACCOUNT_DRIVER)}/`, {
    method: "POST",
    body: JSON.stringify(plan),
  });
  if (!response.ok) throw new Error(`the account driver failed: ${await response.text()}`);
  const { pairs } = Driven.parse(await response.json());
  return pairs / ((performance.now() - startedAtMs) / 1_000);
}
