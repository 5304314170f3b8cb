import { z } from "zod";

/** An empty variable is an unset one. */
const Optional = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" ? null : text.trim()));

/** `name=value,name=value`, as OTEL_EXPORTER_OTLP_HEADERS has it. */
const Headers = Optional.transform((text) =>
  Object.fromEntries(
    (text ?? "")
      .split(",")
      .map((pair) => pair.split(/=(.*)/s))
      .flatMap(([name = "", value]) => (value === undefined ? [] : [[name.trim().toLowerCase(), value.trim()]])),
  ),
);

/** The variables of a Worker that traces, to spread into its configuration. */
export const TRACE_VARIABLES = {
  /** Base URL of an OTLP/HTTP collector; unset: nothing is traced. */
  OTLP_ENDPOINT: Optional.pipe(z.url({ protocol: /^https?$/ }).nullable()),
  /** Secret: headers for the collector. */
  OTLP_HEADERS: Headers,
  /** Share of traces that are kept, 0–1. */
  TRACE_SAMPLE_RATE: z.coerce.number().min(0).max(1).default(1),
  /** How long spans are gathered before they are sent. */
  OTLP_INTERVAL_MS: z.coerce.number().int().min(10).max(20_000).default(5_000),
  OTLP_TIMEOUT_MS: z.coerce.number().int().min(10).max(5_000).default(3_000),
};
