import { describe, expect, it } from "vitest";
import { readWorkerConfig } from "../../workers.ts";
import { checkBindings } from "../check-bindings.ts";
import { checkImports } from "../check-imports.ts";
import { EDGES } from "../edges.ts";

describe("an import", () => {
  it.each([
    ["of another Worker by path", "workers/proxy/src/a.ts", 'import { b } from "../../billing/src/b.ts";'],
    ["of another Worker's type", "workers/proxy/src/a.ts", 'import type { B } from "@aggregator/worker-billing/b";'],
    ["of a package by path", "workers/proxy/src/a.ts", 'import { b } from "../../../packages/money/src/b.ts";'],
    ["of test doubles in production", "workers/proxy/src/a.ts", 'import { b } from "@aggregator/testing/b";'],
    ["of a package in the contracts", "packages/contracts/src/a.ts", 'import { b } from "@aggregator/runtime/b";'],
    ["of the runtime in money", "packages/money/src/a.ts", 'import { b } from "@aggregator/runtime/b";'],
    ["of I/O in a rule", "workers/auth/src/domain/a.ts", 'import { env } from "cloudflare:workers";'],
    ["that is dynamic", "workers/proxy/src/a.ts", 'await import("../../billing/src/b.ts");'],
    ["that is passed on", "workers/proxy/src/a.ts", 'export { b } from "../../billing/src/b.ts";'],
  ])("%s is refused, naming file and target", (_, path, text) => {
    expect(checkImports({ path, text })).toEqual([expect.stringContaining(`${path} imports `) as string]);
  });

  it.each([
    ["of the Worker's own", "workers/proxy/src/a/b.ts", 'import { c } from "../c/d.ts";'],
    ["of a package by its name", "workers/proxy/src/a.ts", 'import { c } from "@aggregator/money/charge";'],
    ["of test doubles in a test", "workers/proxy/test/a.test.ts", 'import { c } from "@aggregator/testing/c";'],
  ])("%s is allowed", (_, path, text) => {
    expect(checkImports({ path, text })).toEqual([]);
  });
});

describe("a binding", () => {
  it.each([
    ["calls", { services: [{ binding: "B", service: "aggregator-billing" }] }],
    [
      "reaches the object",
      { durable_objects: { bindings: [{ name: "A", class_name: "X", script_name: "aggregator-billing" }] } },
    ],
    ["sends to the queue", { queues: { producers: [{ queue: "usage-events" }], consumers: [] } }],
    ["consumes the queue", { queues: { producers: [], consumers: [{ queue: "notices" }] } }],
  ])("that %s what the table does not have is refused", async (kind, planted) => {
    const config = { ...(await readWorkerConfig("auth")), ...planted };
    expect(checkBindings("auth", config, EDGES.auth)).toEqual([expect.stringContaining(`auth ${kind} `) as string]);
  });
});
