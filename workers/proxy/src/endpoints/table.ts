import { chatCompletions } from "./chat-completions.ts";
import { completions } from "./completions.ts";
import { embeddings } from "./embeddings.ts";
import type { Endpoint } from "./endpoint.ts";
import { images } from "./images.ts";
import { countTokens, messages } from "./messages.ts";
import { moderations } from "./moderations.ts";
import { rerank } from "./rerank.ts";
import { responses } from "./responses.ts";
import { speech } from "./speech.ts";
import { transcriptions } from "./transcriptions.ts";

const ROWS: readonly Endpoint[] = [
  chatCompletions,
  completions,
  responses,
  messages,
  countTokens,
  embeddings,
  moderations,
  images,
  speech,
  transcriptions,
  rerank,
];

/** The data plane: one row per route. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(ROWS.map((row) => [row.path, row]));
