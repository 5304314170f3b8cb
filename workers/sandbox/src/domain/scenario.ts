import { z } from "zod";

const Count = z.int().min(0).max(1_000_000);
const Milliseconds = z.int().min(0).max(600_000);

/**
 * How one answer behaves: the request's `sandbox` object, or headers `x-sandbox-<field>` with dashes
 * (`x-sandbox-delay-ms: 50`). A field of the body wins over its header. Absent: a healthy answer.
 */
export const Scenario = z.strictObject({
  /** Answer with this HTTP status and an error of OpenAI's shape. */
  status: z.int().min(400).max(599).optional(),
  /** `retry-after` of such an answer, in seconds. */
  retry_after: Count.optional(),
  /** Message of an error, in a status or in a frame. */
  message: z.string().max(2_000).optional(),
  /** Wait before the headers. */
  delay_ms: Milliseconds.optional(),
  /** Never send headers. */
  hang: z.boolean().optional(),
  /** Wait before each piece of a stream. */
  chunk_delay_ms: Milliseconds.optional(),
  /** Break the connection after so many pieces. */
  cut_after_chunks: Count.optional(),
  /** Fall silent after so many pieces, with the connection open. */
  stall_after_chunks: Count.optional(),
  /** Report no usage at all. */
  no_usage: z.boolean().optional(),
  /** An error inside a 200: `true` at once, a number after so many pieces. */
  error_frame: z.union([z.boolean(), Count]).optional(),
  /** JSON that ends in the middle. */
  malformed_json: z.boolean().optional(),
  /** Answer with so many words instead of the echo. */
  tokens: Count.optional(),
  /** So much of the prompt is reported as cached, at most all of it. */
  cached_tokens: Count.optional(),
  /** So many words of reasoning come before the answer and count as output. */
  reasoning_tokens: Count.optional(),
  /** Reported in place of the true usage, as it is: what a provider that miscounts would send. */
  usage: z.record(z.string(), z.unknown()).optional(),
  /** Names the call in `GET /sandbox/calls?label=`. */
  label: z.string().max(100).optional(),
});
export type Scenario = z.infer<typeof Scenario>;

const PREFIX = "x-sandbox-";

/** The `sandbox` object of body and headers together, not yet checked. */
export function readScenario(body: unknown, headers: Iterable<readonly [string, string]>): unknown {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of headers) {
    if (name.startsWith(PREFIX)) fields[name.slice(PREFIX.length).replaceAll("-", "_")] = headerValue(value);
  }
  const own = typeof body === "object" && body !== null && "sandbox" in body ? body.sandbox : undefined;
  if (own === undefined || own === null) return fields;
  return typeof own === "object" && !Array.isArray(own) ? { ...fields, ...own } : own;
}

/** Numbers, booleans and objects as JSON; anything else is the text itself. */
function headerValue(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
