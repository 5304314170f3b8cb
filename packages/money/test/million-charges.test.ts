import type { PriceVersion } from "@aggregator/contracts/prices";
import { type Usage, TOKEN_CLASSES } from "@aggregator/contracts/usage";
import { SeededRandom } from "@aggregator/testing/seeded-random";
import { expect, it } from "vitest";
import { chargeOf } from "../src/charge.ts";
import { oracleCharge } from "./oracle.ts";

const CHARGES = 1_000_000;
const VERSIONS = 1_000;

it("charges a million random requests to the nano-dollar, each and in total", { timeout: 60_000 }, () => {
  const seed = 20_260_101;
  const random = new SeededRandom(seed);
  const versions = Array.from({ length: VERSIONS }, () => randomVersion(random));
  let charged = 0n;
  let owed = 0n;
  for (let index = 0; index < CHARGES; index += 1) {
    const version = versions[index % VERSIONS] ?? randomVersion(random);
    const usage = randomUsage(random);
    const markupBps = random.oneIn(2) ? 0 : random.upTo(5_000);
    const { costNanoUsd, priceNanoUsd } = chargeOf(usage, version, markupBps);
    const exact = oracleCharge(usage, version, markupBps);
    // Comparing by `expect` a million times would take longer than charging.
    if (BigInt(costNanoUsd) !== exact.costNanoUsd || BigInt(priceNanoUsd) !== exact.priceNanoUsd) {
      throw new Error(`charge ${index} of seed ${seed}: ${JSON.stringify({ usage, version, markupBps })}`);
    }
    charged += BigInt(priceNanoUsd);
    owed += exact.priceNanoUsd;
  }
  expect(charged).toBe(owed);
  expect(charged).toBeGreaterThan(0n);
});

/** From a thousandth of a cent to 100 USD per million tokens, with odd nanos. */
function randomVersion(random: SeededRandom): PriceVersion {
  const price = () => random.upTo(random.oneIn(3) ? 1_000 : 100_000_000) * (random.oneIn(2) ? 1 : 1_000);
  const some = () => Object.fromEntries(TOKEN_CLASSES.filter(() => random.oneIn(2)).map((name) => [name, price()]));
  const tiers = random.oneIn(3) ? [{ aboveInputTokens: random.upTo(200_000), prices: some() }] : [];
  const least = random.oneIn(4) ? { minimum: random.upTo(1_000_000_000) } : {};
  const pieces = { request: random.upTo(10_000_000), image: random.upTo(100_000_000) };
  return {
    id: "price",
    base: { ...some(), ...least, ...(random.oneIn(4) ? pieces : {}), input: price(), output: price() },
    tiers,
  };
}

function randomUsage(random: SeededRandom): Usage {
  return {
    input: random.upTo(300_000),
    output: random.upTo(20_000),
    ...(random.oneIn(2) ? { cached_input: random.upTo(200_000) } : {}),
    ...(random.oneIn(4) ? { cache_write_5m: random.upTo(50_000), cache_write_1h: random.upTo(9) } : {}),
    ...(random.oneIn(3) ? { reasoning: random.upTo(50_000) } : {}),
    ...(random.oneIn(8) ? { input_audio: random.upTo(9_999), output_audio: random.upTo(999) } : {}),
    ...(random.oneIn(8) ? { cached_input_audio: random.upTo(99), input_image: random.upTo(4_000) } : {}),
    ...(random.oneIn(8) ? { request: 1, image: random.upTo(9), cache_write: random.upTo(99) } : {}),
  };
}
