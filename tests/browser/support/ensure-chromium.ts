import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Where a Chromium is: CHROMIUM_PATH, or the first of its names on PATH; null when there is none. */
export function findChromium(): string | null {
  if (process.env.CHROMIUM_PATH !== undefined) return process.env.CHROMIUM_PATH;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs the system's Chromium where none is, which takes root and apt-get. Fails, and so fails the tests,
 * when it cannot: a console that no browser has seen is not tested.
 */
export default function setup(): void {
  const found = findChromium();
  if (found === null) install();
  process.env.CHROMIUM_PATH = found ?? findChromium() ?? "";
  if (process.env.CHROMIUM_PATH === "") throw new Error("chromium was installed but is not on PATH");
}

function install(): void {
  const options = {
    stdio: ["ignore", "ignore", "inherit"] as const,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  try {
    execFileSync("apt-get", ["update", "-qq"], { ...options, stdio: [...options.stdio] });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      ...options,
      stdio: [...options.stdio],
    });
  } catch (error) {
    throw new Error(
      "the tests of the console need a Chromium: install it (Debian: apt-get install chromium) or name one in CHROMIUM_PATH",
      { cause: error },
    );
  }
}
