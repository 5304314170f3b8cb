/** Fails when a schema says something that its migrations do not: `drizzle-kit generate` would write a file. */
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stderr } from "node:process";
import { runCommand } from "./test/run-command.ts";
import { ROOT } from "./workers.ts";

/** What drizzle-kit would add for one database; it is shown a copy, so that a check changes nothing. */
async function missingMigrations(database: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "migrations-"));
  try {
    await cp(join(ROOT, "migrations", database), folder, { recursive: true });
    const before = new Set(await readdir(folder));
    const worker = join("workers", database);
    const { ok, output } = await runCommand("drizzle-kit", [
      "generate",
      "--dialect=sqlite",
      `--schema=${join(worker, await schemaOf(worker))}`,
      `--out=${folder}`,
    ]);
    if (!ok) throw new Error(`drizzle-kit failed for ${database}:\n${output}`);
    return (await readdir(folder)).filter((file) => !before.has(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function schemaOf(worker: string): Promise<string> {
  const config = await readFile(join(ROOT, worker, "drizzle.config.ts"), "utf8");
  const schema = /schema: "([^"]+)"/u.exec(config)?.[1];
  if (schema === undefined) throw new Error(`${worker}/drizzle.config.ts names no schema`);
  return schema;
}

const databases = await readdir(join(ROOT, "migrations"));
for (const database of databases) {
  const missing = await missingMigrations(database);
  if (missing.length === 0) continue;
  stderr.write(
    `migrations/${database} is behind workers/${database}/src/db/schema: run \`npx drizzle-kit generate\` in workers/${database}\n`,
  );
  process.exitCode = 1;
}
