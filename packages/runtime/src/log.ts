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

const MAX_TEXT = 300;

/** Credentials by their looks, should one stand in an allowed field (a client's own id, a model's name). */
const SECRETS = /\b(?:ag_[a-z]+_|sk-|sk_|rk_|whsec_|eyJ)[\w.-]{8,}/g;
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
  /**
   * Share (0–1) of requests whose lines below `warn` are kept; all of them when absent. Decided by the
   * request id, so that every Worker keeps the same requests. Warnings and errors are always kept, and so is
   * what belongs to no request.
   */
  readonly sampleRate?: number;
  /** Receives one JSON line; tests pass their own. */
  readonly write?: (line: string) => void;
  readonly now?: () => number;
}

/** A logger that writes one JSON line per event: `{ time, level, worker, event, …allowed fields }`. Never throws. */
export function createLogger(options: LoggerOptions): Logger {
  const write = options.write ?? ((line) => console.log(line));
  const now = options.now ?? Date.now;
  const sampleRate = options.sampleRate ?? 1;
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      if (RANK[level] < RANK[options.level]) return;
      if (RANK[level] < RANK.warn && !isSampled(fields.request_id, sampleRate)) return;
      const line: Record<string, unknown> = {
        time: new Date(now()).toISOString(),
        level,
        worker: options.worker,
        event,
      };
      for (const name of ALLOWED_FIELDS) {
        const value = scalarOf(fields[name]);
        if (value !== undefined) line[name] = value;
      }
      write(JSON.stringify(line).replace(SECRETS, "[redacted]"));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Types do not hold at run time: an object in an allowed field would carry everything inside it along. */
function scalarOf(value: unknown): LogFields[LogField] {
  if (typeof value === "string") return value.slice(0, MAX_TEXT);
  return typeof value === "number" || typeof value === "boolean" || value === null ? value : undefined;
}

/** UUIDv7 ends in random bits: its last 32 are the draw. */
function isSampled(requestId: LogFields["request_id"], rate: number): boolean {
  if (rate >= 1 || typeof requestId !== "string") return true;
  return Number.parseInt(requestId.slice(-8), 16) < rate * 0x1_0000_0000;
}

/** The correlation fields of a call, to spread into a line. */
export function correlation(context: CallContext): LogFields {
  return { request_id: context.requestId, trace_id: context.traceparent.split("-")[1] ?? null };
}

/** A defect as log fields: its class only, since messages may carry input. */
export function defectFields(error: unknown): LogFields {
  return { error_name: error instanceof Error ? error.name : typeof error };
}
