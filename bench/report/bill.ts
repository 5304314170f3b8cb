import type { RequestCounts } from "../counting/count-requests.ts";

/** One line of the bill of a million requests. */
export interface BillLine {
  readonly what: string;
  /** Units per request. */
  readonly units: number;
  readonly usdPerMillionUnits: number;
  readonly usd: number;
}

/** Cloudflare's prices beyond what the paid plan includes, USD per million (https://developers.cloudflare.com/workers/platform/pricing/). */
const PRICES = {
  request: 0.3,
  cpuMs: 0.02,
  objectRequest: 0.15,
  objectGigabyteSecond: 12.5,
  rowRead: 0.001,
  rowWritten: 1,
  queueOperation: 0.4,
  dataPoint: 0.25,
  logLine: 0.6,
} as const;

/** A message is written, read and deleted. */
const OPERATIONS_PER_MESSAGE = 3;
/** An object of 128 MB is paid for while it works; its calls take about this long. */
const OBJECT_SECONDS_PER_CALL = 0.003;
const OBJECT_GIGABYTES = 0.128;
/** Gateway and proxy write a line each, of which production keeps `LOG_SAMPLE_RATE`. */
const LOG_LINES = 2 * 0.05;

/**
 * What a million requests cost on Cloudflare, from what was counted. Calls by service binding are not
 * paid for. Processor time is that of this machine's whole process, more than what is billed.
 */
export function billOf(counts: RequestCounts, cpuMsPerRequest: number): readonly BillLine[] {
  const per = (total: number): number => total / counts.requests;
  const line = (what: string, units: number, usdPerMillionUnits: number): BillLine => ({
    what,
    units,
    usdPerMillionUnits,
    usd: units * usdPerMillionUnits,
  });
  return [
    line("Worker requests", 1, PRICES.request),
    line("processor ms", cpuMsPerRequest, PRICES.cpuMs),
    line("calls to the account", per(counts.accountCalls), PRICES.objectRequest),
    line(
      "GB-s of the account",
      per(counts.accountCalls) * OBJECT_SECONDS_PER_CALL * OBJECT_GIGABYTES,
      PRICES.objectGigabyteSecond,
    ),
    line("rows written, alarms set", per(counts.rowsWritten + counts.alarmsSet), PRICES.rowWritten),
    line("rows read", per(counts.rowsRead), PRICES.rowRead),
    line("queue operations", per(counts.queueMessages) * OPERATIONS_PER_MESSAGE, PRICES.queueOperation),
    line("Analytics Engine points", per(counts.dataPoints), PRICES.dataPoint),
    line("log lines", LOG_LINES, PRICES.logLine),
  ];
}
