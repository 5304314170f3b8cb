import type { Endpoint } from "./endpoint.ts";
import { bodyOf, openAiRequest, readOutputLimit, readStreaming, readTextOrTokens } from "./parse-openai.ts";
import { parseFields, readCount } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/completions", protocol: "openai-completions" } as const;

/** Text completion; `best_of` answers are generated and billed even where fewer come back. */
export const completions: Endpoint = {
  path: "/v1/completions",
  protocol: "openai-completions",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      const prompt = readTextOrTokens(body, "prompt");
      const prompts = Array.isArray(prompt) && typeof prompt[0] !== "number" ? prompt.length : 1;
      const answers = Math.max(readCount(body, "n", 128) ?? 1, readCount(body, "best_of", 128) ?? 1);
      return openAiRequest(source, ROUTE, {
        ...readStreaming(body),
        outputLimit: readOutputLimit(body, ["max_tokens"]),
        choices: answers * prompts,
      });
    }),
};
