import { DATA_PLANE_ENDPOINTS } from "@aggregator/contracts/data-plane";
import { TrieRouter } from "hono/router/trie-router";
import type { GatewayApp } from "./gateway-context.ts";

/**
 * Which methods each path has (inference included, which is served off the router), to tell a wrong method (405) from an unknown path (404).
 * Built once; middleware (method ALL) do not count.
 */
export function methodsByPath(app: GatewayApp): (path: string) => string[] {
  const router = new TrieRouter<string>();
  for (const route of app.routes) {
    if (route.method !== "ALL") router.add("ALL", route.path, route.method);
  }
  for (const path of DATA_PLANE_ENDPOINTS) router.add("ALL", path, "POST");
  return (path) => {
    const [matches] = router.match("ALL", path);
    const methods = new Set(matches.map(([method]) => method));
    if (methods.has("GET")) methods.add("HEAD");
    return [...methods].toSorted();
  };
}
