const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const SAMPLED = 1;

/** The caller's `traceparent` when well-formed, else a new one. https://www.w3.org/TR/trace-context/ */
export function traceparentOf(header: string | null | undefined, random: () => string = randomHex): string {
  if (header !== null && header !== undefined && TRACEPARENT.test(header)) return header;
  const hex = random();
  return `00-${hex.slice(0, 32)}-${hex.slice(32, 48)}-01`;
}

export interface TraceParent {
  readonly traceId: string;
  /** Of the caller's span. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

/** The parts of a well-formed `traceparent`. */
export function parseTraceparent(traceparent: string): TraceParent {
  const [, traceId = "", spanId = "", flags = "00"] = traceparent.split("-");
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export function formatTraceparent({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** A new span's id. */
export function newSpanId(): string {
  return randomHex().slice(0, 16);
}

function randomHex(): string {
  const uuid = () => crypto.randomUUID().replaceAll("-", "");
  return uuid() + uuid();
}
