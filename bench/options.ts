import { parseArgs } from "node:util";

export const FIGURES = ["throughput", "streams", "bodies", "accounts", "growth", "counts", "authentication"] as const;
export type FigureName = (typeof FIGURES)[number];

export interface BenchOptions {
  readonly figures: ReadonlySet<FigureName>;
  readonly isQuick: boolean;
  readonly rounds: number;
  readonly roundMs: number;
  /** Load before anything is measured, until the code that runs is the optimised one. */
  readonly warmUpMs: number;
  /** How large the large account of "accounts" is made. */
  readonly ledgerEntries: number;
  readonly soakMs: number;
  readonly outFolder: string;
}

const USAGE = `npx pnpm@10 bench [--quick] [--only ${FIGURES.join(",")}] [--soak 30m] [--out FOLDER]`;

/** What the command line asks for. Throws with the usage when it cannot be read. */
export function readOptions(args: readonly string[], defaultFolder: string): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      soak: { type: "string" },
      out: { type: "string" },
    },
  });
  const names = values.only?.split(",") ?? [...FIGURES];
  const unknown = names.filter((name) => !(FIGURES as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`no such figure: ${unknown.join(", ")}\n${USAGE}`);
  return {
    figures: new Set(names as FigureName[]),
    isQuick: values.quick,
    rounds: values.quick ? 2 : 5,
    roundMs: values.quick ? 600 : 1_500,
    warmUpMs: values.quick ? 3_000 : 15_000,
    ledgerEntries: values.quick ? 10_000 : 1_000_000,
    soakMs: values.soak === undefined ? 0 : durationMs(values.soak),
    outFolder: values.out ?? defaultFolder,
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function durationMs(text: string): number {
  const [, count, unit = ""] = /^(\d+)([smh])$/u.exec(text) ?? [];
  const unitMs = UNITS[unit];
  if (count === undefined || unitMs === undefined) throw new Error(`not a duration: ${text}\n${USAGE}`);
  return Number(count) * unitMs;
}
