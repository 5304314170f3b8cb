import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../tools/workers.ts";
import { startLoadGenerator } from "./load/load-generator.ts";
import { startMock } from "./mock/start-mock.ts";
import { readOptions } from "./options.ts";
import { toMarkdown } from "./report/markdown.ts";
import { throughputPlot } from "./report/svg.ts";
import { runBenchmark } from "./run-benchmark.ts";

const options = readOptions(process.argv.slice(2), join(ROOT, "docs", "benchmarks"));
const folder = await mkdtemp(join(tmpdir(), "aggregator-bench-"));
const mock = await startMock();
const load = startLoadGenerator();
try {
  const results = await runBenchmark({ folder, mock, load, options, say: (line) => console.log(line) });
  const page = toMarkdown(results);
  await mkdir(options.outFolder, { recursive: true });
  await Promise.all([
    writeFile(join(options.outFolder, "latest.json"), `${JSON.stringify(results, null, 2)}\n`),
    writeFile(join(options.outFolder, "latest.md"), page),
    writeFile(join(options.outFolder, "throughput.svg"), throughputPlot(results.throughput)),
  ]);
  console.log(`\n${page}\nWritten to ${options.outFolder}`);
} finally {
  load.stop();
  mock.stop();
  // What still runs after a failure may write there; the failure is what matters.
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
