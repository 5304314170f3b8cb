import { z } from "zod";

/** The variables of every Worker's logger, to spread into its configuration. */
export const LOG_VARIABLES = {
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]),
  /** Share of requests whose lines below `warn` are kept, 0–1. */
  LOG_SAMPLE_RATE: z.coerce.number().min(0).max(1).default(1),
};
