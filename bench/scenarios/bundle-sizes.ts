import { gzipSync } from "node:zlib";
import type { Scripts } from "../subjects/platform.ts";

export interface BundleFigure {
  readonly worker: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Sizes of the production bundles. */
export function measureBundles(scripts: Scripts): readonly BundleFigure[] {
  return Object.entries(scripts).map(([worker, script]) => ({
    worker,
    bytes: Buffer.byteLength(script),
    gzipBytes: gzipSync(script).length,
  }));
}
