import type { Endpoint } from "./endpoint.ts";
import { bodyOf, openAiRequest, readTextOrTokens } from "./parse-openai.ts";
import { parseFields } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/embeddings", protocol: "openai-other" } as const;

/** Embeddings: https://platform.openai.com/docs/api-reference/embeddings/create */
export const embeddings: Endpoint = {
  path: "/v1/embeddings",
  protocol: "openai-other",
  parse: (source) =>
    parseFields(() => {
      readTextOrTokens(bodyOf(source), "input");
      return openAiRequest(source, ROUTE, { producesOutput: false });
    }),
};
