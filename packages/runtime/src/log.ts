import type { CallContext } from "@aggregator/contracts/call-context";

export type LogLevel = "debug" | "info" | "warn" | "error";
const RANK: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 };

/**
 * The only fields that reach a log line. Everything else is dropped here and not at call sites, so a
 * prompt, a header or a secret cannot slip in by being passed along.
 */
const ALLOWED_FIELDS = [
  "request_id",
  "client_request_id",
  "trace_id",
  "company_id",
  "key_id",
  "member_id",
  "method",
  "route",
  "status",
  "error_code",
  "error_name",
  "provider",
  "model",
  "endpoint",
  "endpoint_id",
  "outcome",
  "attempts",
  "latency_ms",
  "time_to_first_token_ms",
  "duration_ms",
  "price_nano_usd",
  "count",
  "queue",
  "operation",
  "dependency",
  "through_seq",
  "reason",
] as const;
export type LogField = (typeof ALLOWED_FIELDS)[number];
export type LogFields = Partial<Record<LogField, string | number | boolean | null>>;

export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly worker: string;
  readonly level: LogLevel;
  /** Receives one JSON line; tests pass their own. */
  readonly write?: (line: string) => void;
  readonly now?: () => number;
}

/** A logger that writes one JSON line per event: `{ time, level, worker, event, …allowed fields }`. Never throws. */
export function createLogger(options: LoggerOptions): Logger {
  const write = options.write ?? ((line) => console.log(line));
  const now = options.now ?? Date.now;
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (RANK[level] < RANK[options.level]) return;
      const line: Record<string, unknown> = {
        time: new Date(now()).toISOString(),
        level,
        worker: options.worker,
        event,
      };
      for (const name of ALLOWED_FIELDS) {
        const value = fields[name];
        if (value !== undefined) line[name] = typeof value === "string" ? value.slice(0, 300) : value;
      }
      write(JSON.stringify(line));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** The correlation fields of a call, to spread into a line. */
export function correlation(context: CallContext): LogFields {
  return { request_id: context.requestId, trace_id: context.traceparent.split("-")[1] ?? null };
}

/** A defect as log fields: its class only, since messages may carry input. */
export function defectFields(error: unknown): LogFields {
  return { error_name: error instanceof Error ? error.name : typeof error };
}
