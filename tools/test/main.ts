/**
 * `pnpm test`: what the tree as a whole must satisfy, then three rings of tests. Everything runs also
 * after a failure, so that one run tells all. The last line is `N passed, M failed`.
 */
import { stdout } from "node:process";
import { CHECKS, type Check } from "./checks.ts";
import { RINGS, runRing, type Counts } from "./rings.ts";

async function runCheck({ name, run }: Check): Promise<Counts> {
  const startedAt = performance.now();
  const { ok, output } = await run();
  stdout.write(`${ok ? "✓" : "✗"} ${name} (${seconds(startedAt)} s)\n`);
  if (!ok) stdout.write(`${output.trim()}\n`);
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

const seconds = (startedAt: number): string => ((performance.now() - startedAt) / 1000).toFixed(1);

const startedAt = performance.now();
const counts: Counts[] = [];
for (const check of CHECKS) counts.push(await runCheck(check));
for (const ring of RINGS) {
  stdout.write(`\n${ring.name}\n`);
  counts.push(...(await runRing(ring)));
}
const sum = (name: keyof Counts): number => counts.reduce((total, count) => total + count[name], 0);
stdout.write(`\n${seconds(startedAt)} s\n${sum("passed")} passed, ${sum("failed")} failed\n`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
