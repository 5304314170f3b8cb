import type { Endpoint } from "./endpoint.ts";
import { bodyOf, openAiRequest } from "./parse-openai.ts";
import { parseFields, readBoolean, readCount, refuseField } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/images/generations", protocol: "openai-other" } as const;
const MAX_IMAGES = 10;

/** Pictures: https://platform.openai.com/docs/api-reference/images/create. Priced by the piece, by tokens, or both. */
export const images: Endpoint = {
  path: "/v1/images/generations",
  protocol: "openai-other",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      if (typeof body["prompt"] !== "string" || body["prompt"] === "")
        refuseField("prompt", "must be a non-empty string.");
      const wanted = readCount(body, "n", MAX_IMAGES) ?? 1;
      return openAiRequest(source, ROUTE, {
        stream: readBoolean(body, "stream") ?? false,
        includeUsage: true,
        choices: wanted,
        pieces: { images: wanted, maxAudioSeconds: 0, likelyAudioSeconds: 0 },
      });
    }),
};
