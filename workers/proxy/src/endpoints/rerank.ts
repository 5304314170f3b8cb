import type { Endpoint } from "./endpoint.ts";
import { bodyOf, openAiRequest } from "./parse-openai.ts";
import { parseFields, readArray, refuseField } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/rerank", protocol: "openai-other" } as const;

/** Documents by relevance, as Cohere and Jina have it: https://jina.ai/reranker */
export const rerank: Endpoint = {
  path: "/v1/rerank",
  protocol: "openai-other",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      if (typeof body["query"] !== "string" || body["query"] === "")
        refuseField("query", "must be a non-empty string.");
      const documents = readArray(body, "documents") ?? refuseField("documents", "is required.");
      if (documents.length === 0) refuseField("documents", "must not be empty.");
      // The query is read beside every document.
      const size = openAiRequest(source, ROUTE, { producesOutput: false });
      const repeats = (documents.length - 1) * new TextEncoder().encode(body["query"]).length;
      return {
        ...size,
        input: { maxTokens: size.input.maxTokens + repeats, likelyTokens: size.input.likelyTokens },
      };
    }),
};
