import { chatCompletions } from "./chat-completions.ts";
import type { Endpoint } from "./endpoint.ts";

/** The data plane: one row per route. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([chatCompletions].map((row) => [row.path, row]));
