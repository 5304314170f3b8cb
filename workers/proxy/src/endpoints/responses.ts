import type { Endpoint } from "./endpoint.ts";
import { bodyOf, openAiRequest, readOutputLimit } from "./parse-openai.ts";
import { isArray, parseFields, readBoolean, refuseField } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/responses", protocol: "openai-responses" } as const;

/** Responses: https://platform.openai.com/docs/api-reference/responses/create. Its usage is always shown. */
export const responses: Endpoint = {
  path: "/v1/responses",
  protocol: "openai-responses",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      const { input } = body;
      if (input !== undefined && input !== null && typeof input !== "string" && !isArray(input)) {
        refuseField("input", "must be a string or an array.");
      }
      if (readBoolean(body, "background") === true) {
        refuseField("background", "is not supported: a request is answered while its client waits.");
      }
      return openAiRequest(source, ROUTE, {
        stream: readBoolean(body, "stream") ?? false,
        includeUsage: true,
        outputLimit: readOutputLimit(body, ["max_output_tokens"]),
        media: [input],
      });
    }),
};
