import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { readWorkerConfig, WORKERS } from "../workers.ts";

export interface Database {
  /** As wrangler names the local file. */
  readonly id: string;
  readonly name: string;
  readonly migrationsFolder: string;
}

type LocalD1 = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/** Every D1 of the platform, from the Workers' own configuration. */
export async function listDatabases(): Promise<readonly Database[]> {
  const configs = await Promise.all(WORKERS.map((worker) => readWorkerConfig(worker)));
  return configs
    .flatMap((config) => config.d1_databases)
    .map((database) => ({
      id: database.database_id,
      name: database.database_name,
      migrationsFolder: database.migrations_dir,
    }));
}

/**
 * Applies what is missing of `migrations/` to the local databases, then runs `seed` statements by
 * database name. Writes the same files and the same `d1_migrations` table as `wrangler d1 migrations
 * apply --local --persist-to`, but all databases in one runtime, since one process each takes seconds.
 * The databases must not be open elsewhere.
 */
export async function prepareDatabases(
  persistTo: string,
  seed: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const databases = await listDatabases();
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: "export default {}",
      compatibilityDate: "2026-11-02",
      d1Databases: Object.fromEntries(databases.map(({ name, id }) => [name, id])),
      resourcePersistencePath: join(persistTo, "v3"),
    }),
  );
  try {
    await Promise.all(
      databases.map(async (database) => {
        const d1 = await runtime.getD1Database(database.name);
        await applyMigrations(d1, database.migrationsFolder);
        await runInBatches(d1, seed[database.name] ?? []);
      }),
    );
  } finally {
    await runtime.dispose();
  }
}

async function applyMigrations(d1: LocalD1, folder: string): Promise<void> {
  await d1
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    .run();
  const applied = await d1.prepare("SELECT name FROM d1_migrations").all<{ name: string }>();
  const known = new Set(applied.results.map((row) => row.name));
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  for (const file of files.filter((name) => !known.has(name))) {
    const statements = (await readFile(join(folder, file), "utf8"))
      .split("--> statement-breakpoint")
      .map((statement) => statement.trim())
      .filter((statement) => statement !== "");
    await d1.batch([
      ...statements.map((statement) => d1.prepare(statement)),
      d1.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file),
    ]);
  }
}

const BATCH_STATEMENTS = 500;

async function runInBatches(d1: LocalD1, statements: readonly string[]): Promise<void> {
  for (let start = 0; start < statements.length; start += BATCH_STATEMENTS) {
    await d1.batch(statements.slice(start, start + BATCH_STATEMENTS).map((sql) => d1.prepare(sql)));
  }
}
