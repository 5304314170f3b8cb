/**
 * `pnpm catalogue:update [--apply] [--remote]`: shows what the price book would change in the D1
 * `orchestrator`, and with `--apply` changes it. New prices are new versions in force from now; those
 * before stay, so receipts keep their meaning. What an operator set stays. Nano-USD per million tokens.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stderr, stdout } from "node:process";
import { parseArgs } from "node:util";
import { z } from "zod";
import { configPath, ROOT } from "../workers.ts";
import { buildCatalogue } from "./build-catalogue.ts";
import { catalogueSql } from "./catalogue-sql.ts";
import { describeDifferences, diffCatalogue, storedEndpointsSql } from "./diff-catalogue.ts";

const Stored = z.tuple([
  z.object({
    results: z.array(
      z.object({
        model: z.string(),
        provider: z.string(),
        upstream_model: z.string(),
        is_removed: z.number(),
        base: z.string().nullable(),
        tiers: z.string().nullable(),
        source: z.enum(["catalogue", "operator"]).nullable(),
      }),
    ),
  }),
]);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { apply: { type: "boolean", default: false }, remote: { type: "boolean", default: false } },
  });
  const nowMs = Date.now();
  const models = buildCatalogue();
  const [{ results }] = Stored.parse(
    JSON.parse(execute(["--json", "--command", storedEndpointsSql(nowMs)], values.remote)),
  );
  const differences = diffCatalogue(models, results, nowMs);
  stdout.write(`${describeDifferences(differences).join("\n")}\n`);
  if (!values.apply) {
    stdout.write("Nothing was changed; --apply does it.\n");
    return;
  }
  applySql(await catalogueSql(models, nowMs), values.remote);
  stdout.write(`Applied (${values.remote ? "remote" : "local"}).\n`);
}

function applySql(statements: readonly string[], remote: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), "catalogue-"));
  try {
    const file = join(folder, "catalogue.sql");
    writeFileSync(file, `${statements.join(";\n")};\n`);
    execute(["--yes", "--file", file], remote);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function execute(parameters: readonly string[], remote: boolean): string {
  const where = remote ? ["--remote"] : ["--local", "--persist-to", join(ROOT, ".wrangler", "state")];
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const done = spawnSync(
    process.execPath,
    [wrangler, "d1", "execute", "DB", "-c", configPath("orchestrator"), ...where, ...parameters],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], maxBuffer: 64 * 1_024 * 1_024 },
  );
  if (done.status !== 0) throw new Error("wrangler could not reach the database; see above");
  return done.stdout;
}

try {
  await main();
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
