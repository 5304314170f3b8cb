import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stdout } from "node:process";
import { z } from "zod";
import { runCommand } from "./run-command.ts";

/** Tests that run in one vitest. */
export interface Ring {
  readonly name: string;
  readonly config: string;
  /**
   * Projects of the ring that run in a vitest of their own, beside the rest: a vitest runs the projects
   * that share a runtime one after the other, which leaves a core idle.
   */
  readonly besides?: string;
}

/** From the inside out: a rule that fails is seen before the request that fails because of it. */
export const RINGS: readonly Ring[] = [
  { name: "pure rules, and each Worker in workerd", config: "vitest.config.ts", besides: "billing*" },
  { name: "what people read says what the code does", config: "tests/docs/vitest.config.ts" },
  { name: "all Workers together, with real clients", config: "tests/e2e/vitest.config.ts" },
  { name: "the console, in a browser", config: "tests/browser/vitest.config.ts" },
];

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const Report = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

/** Runs a ring with its output on the terminal; that of a second lane comes when it has ended. */
export async function runRing({ config, besides }: Ring): Promise<readonly Counts[]> {
  if (besides === undefined) return [await runLane(config, [], true)];
  return Promise.all([
    runLane(config, [`--project=!${besides}`], true),
    runLane(config, [`--project=${besides}`], false),
  ]);
}

/** A lane that fails without a failed test counts as one. */
async function runLane(config: string, projects: readonly string[], live: boolean): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), "aggregator-test-"));
  try {
    const file = join(folder, "report.json");
    const { ok, output } = await runCommand(
      "vitest",
      [
        "run",
        "--config",
        config,
        ...projects,
        "--reporter=dot",
        "--reporter=json",
        `--outputFile.json=${file}`,
        "--silent=passed-only",
        // A machine that stalls for a second is no defect. What passes only then is named in the output.
        "--retry=1",
      ],
      { live },
    );
    stdout.write(output);
    const report = await readFile(file, "utf8").catch(() => null);
    if (report === null) return { passed: 0, failed: 1 };
    const { numPassedTests: passed, numFailedTests: failed } = Report.parse(JSON.parse(report));
    return { passed, failed: ok || failed > 0 ? failed : 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
