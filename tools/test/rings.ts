import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { runCommand } from "./run-command.ts";

/** Tests that run in one vitest. */
export interface Ring {
  readonly name: string;
  readonly config: string;
}

/** From the inside out: a rule that fails is seen before the request that fails because of it. */
export const RINGS: readonly Ring[] = [
  { name: "pure rules, and each Worker in workerd", config: "vitest.config.ts" },
  { name: "what people read says what the code does", config: "tests/docs/vitest.config.ts" },
  { name: "all Workers together, with real clients", config: "tests/e2e/vitest.config.ts" },
  { name: "the console, in a browser", config: "tests/browser/vitest.config.ts" },
];

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const Report = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

/** Runs a ring with its output on the terminal. A ring that fails without a failed test counts as one. */
export async function runRing(ring: Ring): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "aggregator-test-"));
  try {
    const file = join(folder, "report.json");
    const { ok } = await runCommand(
      "vitest",
      [
        "run",
        "--config",
        ring.config,
        "--reporter=dot",
        "--reporter=json",
        `--outputFile.json=${file}`,
        "--silent=passed-only",
      ],
      { live: true },
    );
    const report = await readFile(file, "utf8").catch(() => null);
    if (report === null) return { passed: 0, failed: 1 };
    const { numPassedTests: passed, numFailedTests: failed } = Report.parse(JSON.parse(report));
    return { passed, failed: ok || failed > 0 ? failed : 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
