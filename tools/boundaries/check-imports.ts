import { dirname, join, normalize } from "node:path";

export interface SourceFile {
  /** From the root of the tree, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const IMPORT = /\b(?:import|export)\b[^;'"]*?\bfrom\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']/g;

/** Imports of one file that leave the room that it belongs to, in words. Pure. */
export function checkImports({ path, text }: SourceFile): readonly string[] {
  const specifiers = [...text.matchAll(IMPORT)].map(([, from, bare]) => from ?? bare ?? "");
  return specifiers.flatMap((specifier) => {
    const reason = refuse(path, specifier);
    return reason === null ? [] : [`${path} imports ${specifier}: ${reason}`];
  });
}

function refuse(path: string, specifier: string): string | null {
  const home = homeOf(path);
  if (specifier.startsWith(".")) {
    const target = homeOf(normalize(join(dirname(path), specifier)));
    return target === home ? null : `${home} may import ${target} only by its package name`;
  }
  if (specifier.startsWith("@aggregator/worker-")) return "a Worker is called, never imported";
  const isProduction = path.startsWith(`${home}/src/`);
  if (isProduction && specifier.startsWith("@aggregator/testing") && home !== "packages/testing") {
    return "test doubles do not belong in production";
  }
  if (home === "packages/contracts" && specifier.startsWith("@aggregator/"))
    return "contracts depend on nothing of ours";
  if (home === "packages/money" && specifier.startsWith("@aggregator/runtime")) return "money is pure";
  if (isProduction && path.includes("/domain/") && /^(?:cloudflare:|drizzle-orm)/u.test(specifier)) {
    return "domain rules do no I/O";
  }
  return null;
}

/** The package or Worker that a file belongs to: its first two folders. */
function homeOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}
