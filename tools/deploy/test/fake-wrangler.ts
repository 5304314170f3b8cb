import { chmod, copyFile, mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export interface FakeWrangler {
  /** For the environment of a deployment. */
  readonly path: string;
  calls(): Promise<readonly string[]>;
}

/** Puts a program called wrangler into a folder of its own, to stand first on PATH. */
export async function makeFakeWrangler(): Promise<FakeWrangler> {
  const folder = await mkdtemp(join(tmpdir(), "fake-wrangler-"));
  await copyFile(join(import.meta.dirname, "fake-wrangler.sh"), join(folder, "wrangler"));
  await chmod(join(folder, "wrangler"), 0o755);
  await Promise.all([mkdir(join(folder, "account")), writeFile(join(folder, "calls.log"), "")]);
  return {
    path: `${folder}${delimiter}${process.env.PATH ?? ""}`,
    calls: async () =>
      (await readFile(join(folder, "calls.log"), "utf8"))
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => line.replace(/-c \S+\/([a-z]+)\/wrangler\.json/u, "-c $1").replace(/ --secrets-file \S+/u, "")),
  };
}
