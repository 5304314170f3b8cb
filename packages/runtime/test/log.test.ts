import { describe, expect, it } from "vitest";
import { correlation, createLogger, defectFields } from "../src/log.ts";

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
