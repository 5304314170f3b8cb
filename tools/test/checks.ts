import { glob } from "node:fs/promises";
import { runCommand, type Ran } from "./run-command.ts";

/** Something about the tree as a whole that holds or does not. */
export interface Check {
  /** Reads as a sentence of what holds. */
  readonly name: string;
  readonly run: () => Promise<Ran>;
}

/** What is checked before anything is run, the cheapest first. */
export const CHECKS: readonly Check[] = [
  { name: "every file is formatted", run: () => runCommand("oxfmt", ["--check", "."]) },
  {
    name: "Workers import and call only what the table allows",
    run: () => runCommand("node", ["tools/check-boundaries.ts"]),
  },
  { name: "every type holds", run: checkTypes },
  {
    name: "no lint: promises awaited, no cycles, no any, sizes within bounds",
    run: () => runCommand("oxlint", ["--type-aware", "."]),
  },
  { name: "nothing is exported or installed that nobody uses", run: () => runCommand("knip", []) },
  {
    name: "every Worker builds as a deployment does, within its size, and its bindings lead somewhere",
    run: () => runCommand("node", ["tools/deploy/main.ts", "--dry-run"]),
  },
  { name: "migrations equal what the schemas say", run: () => runCommand("node", ["tools/check-migrations.ts"]) },
];

/** Every project of the tree, one after the other: the compiler uses all cores by itself. */
async function checkTypes(): Promise<Ran> {
  const outputs: string[] = [];
  for await (const project of glob("**/tsconfig.json", { exclude: (path) => path.includes("node_modules") })) {
    const { ok, output } = await runCommand("tsc", ["-p", project, "--noEmit"]);
    if (!ok) outputs.push(output);
  }
  return { ok: outputs.length === 0, output: outputs.join("\n") };
}
