import type { Endpoint } from "./endpoint.ts";
import { bodyOf, openAiRequest, readTextOrTokens } from "./parse-openai.ts";
import { parseFields } from "./read-field.ts";
import { readModels } from "./read-routing.ts";

const ROUTE = { endpoint: "/v1/moderations", protocol: "openai-other" } as const;
/** As OpenAI has it for a request that names none. */
const DEFAULT_MODEL = "omni-moderation-latest";

/** Moderation: https://platform.openai.com/docs/api-reference/moderations/create */
export const moderations: Endpoint = {
  path: "/v1/moderations",
  protocol: "openai-other",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      const input = readTextOrTokens(body, "input");
      return openAiRequest(source, ROUTE, {
        models: readModels({ model: DEFAULT_MODEL, ...body }),
        producesOutput: false,
        media: [input],
      });
    }),
};
