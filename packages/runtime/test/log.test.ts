import { describe, expect, it } from "vitest";
import { correlation, createLogger, defectFields } from "../src/log.ts";
import { newId } from "../src/new-id.ts";

function logged(fields: Record<string, unknown>): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLogger({ worker: "proxy", level: "info", write: (line) => lines.push(line), now: () => 0 });
  log.info("request.done", fields);
  return JSON.parse(lines[0] ?? "null") as Record<string, unknown>;
}

describe("log", () => {
  it("writes one JSON line with the fields that are allowed and drops all others", () => {
    const line = logged({ request_id: "r1", status: 200, authorization: "Bearer x", prompt: "hello", message: "m" });
    expect(line).toEqual({
      time: "1970-01-01T00:00:00.000Z",
      level: "info",
      worker: "proxy",
      event: "request.done",
      request_id: "r1",
      status: 200,
    });
  });

  it("keeps a hostile value on one line and short", () => {
    const line = logged({ model: `a\n{"level":"error"}${"x".repeat(1000)}` });
    expect(String(line["model"])).toHaveLength(300);
  });

  it("leaves out what is below its level", () => {
    const lines: string[] = [];
    const log = createLogger({ worker: "auth", level: "warn", write: (line) => lines.push(line) });
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(["c", "d"]);
  });

  it("lets no canary through: other fields, nested values, objects, errors and credentials in allowed fields", () => {
    const canary = "CANARY-3141592653";
    const lines: string[] = [];
    const log = createLogger({ worker: "proxy", level: "debug", write: (line) => lines.push(line) });
    const hostile: Record<string, unknown> = {
      prompt: canary,
      authorization: canary,
      messages: [{ content: canary }],
      body: { text: canary },
      [canary]: canary,
      model: { toString: () => canary, secret: canary },
      reason: [canary],
      error: new Error(canary),
      client_request_id: `sk-${canary}`,
      endpoint: `x ag_live_${canary} y`,
      operation: `whsec_${canary}`,
    };
    for (const level of ["debug", "info", "warn", "error"] as const) log[level]("e", hostile);
    log.error("e", defectFields(new Error(canary)));
    expect(lines).toHaveLength(5);
    expect(lines.join("\n")).not.toContain(canary);
    expect(lines[0]).toContain("x [redacted] y");
  });

  it.each(["ag_temp_", "ag_refresh_"])("masks a credential of ours by its prefix: %s", (prefix) => {
    const lines: string[] = [];
    const log = createLogger({ worker: "auth", level: "info", write: (line) => lines.push(line) });
    log.info("event", { reason: `x ${prefix}0123456789 y` });
    expect(lines[0]).toContain("x [redacted] y");
  });

  it("keeps a share of requests, the same in every Worker, and every warning and error", () => {
    const ids = Array.from({ length: 2_000 }, () => newId());
    const kept = (worker: string) => {
      const lines: string[] = [];
      const log = createLogger({ worker, level: "info", sampleRate: 0.1, write: (line) => lines.push(line) });
      for (const id of ids) log.info("request", { request_id: id });
      return lines.map((line) => (JSON.parse(line) as { request_id: string }).request_id);
    };
    expect(kept("gateway")).toEqual(kept("proxy"));
    expect(kept("gateway").length).toBeGreaterThan(100);
    expect(kept("gateway").length).toBeLessThan(320);

    const lines: string[] = [];
    const none = createLogger({ worker: "proxy", level: "info", sampleRate: 0, write: (line) => lines.push(line) });
    for (const id of ids) none.info("request", { request_id: id });
    for (const id of ids) none.warn("request", { request_id: id });
    for (const id of ids) none.error("request", { request_id: id });
    none.info("days_rolled_up", { count: 1 });
    expect(lines).toHaveLength(4_001);
  });

  it("names a defect by its class only", () => {
    expect(defectFields(new TypeError("secret in message"))).toEqual({ error_name: "TypeError" });
    expect(defectFields("text")).toEqual({ error_name: "string" });
  });

  it("correlates by request and trace", () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    expect(correlation({ requestId: "r", traceparent })).toEqual({
      request_id: "r",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
    });
  });
});
