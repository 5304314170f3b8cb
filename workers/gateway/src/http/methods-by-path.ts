import { TrieRouter } from "hono/router/trie-router";
import type { GatewayApp } from "./gateway-context.ts";

/**
 * Which methods each mounted path has, to tell a wrong method (405) from an unknown path (404).
 * Built once; middleware (method ALL) do not count.
 */
export function methodsByPath(app: GatewayApp): (path: string) => string[] {
  const router = new TrieRouter<string>();
  for (const route of app.routes) {
    if (route.method !== "ALL") router.add("ALL", route.path, route.method);
  }
  return (path) => {
    const [matches] = router.match("ALL", path);
    const methods = new Set(matches.map(([method]) => method));
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods].toSorted();
  };
}
