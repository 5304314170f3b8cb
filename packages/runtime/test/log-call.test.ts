import { err, ok } from "@aggregator/contracts/result";
import { expect, it } from "vitest";
import { createLogger } from "../src/log.ts";
import { logCall } from "../src/log-call.ts";

const context = { requestId: "r1", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

async function linesOf(work: Parameters<typeof logCall>[3]) {
  const lines: unknown[] = [];
  const log = createLogger({ worker: "w", level: "info", write: (line) => lines.push(JSON.parse(line)) });
  await logCall(log, context, "usage", work).catch(() => undefined);
  return lines;
}

it.each([
  ["a value", () => Promise.resolve(ok()), { level: "info", event: "call", outcome: "ok" }],
  ["a refusal", () => Promise.resolve(err("not_found", "no")), { level: "info", event: "call", outcome: "not_found" }],
  [
    "a throw",
    () => Promise.reject(new TypeError("secret")),
    { level: "error", event: "call_failed", error_name: "TypeError" },
  ],
])("%s is one line with the ids, the operation and the time it took", async (_, work, expected) => {
  const lines = await linesOf(work);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ ...expected, request_id: "r1", operation: "usage" });
  expect(lines[0]).toHaveProperty("duration_ms");
  expect(JSON.stringify(lines)).not.toContain("secret");
});
