import type { Endpoint } from "./endpoint.ts";
import { bodyOf, openAiRequest } from "./parse-openai.ts";
import { parseFields, refuseField } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/audio/speech", protocol: "openai-other" } as const;
/** Nobody reads slower than three characters a second, nor usually slower than fifteen. */
const LEAST_CHARACTERS_PER_SECOND = 3;
const LIKELY_CHARACTERS_PER_SECOND = 15;
/** Tokens of a second of generated sound (OpenAI's: 1,250 a minute). */
export const SPEECH_TOKENS_PER_SECOND = 21;

/**
 * Speech: https://platform.openai.com/docs/api-reference/audio/createSpeech. A character of text is a unit
 * of `input`, which is how vendors price it; sound by seconds or tokens where a model has such a price.
 */
export const speech: Endpoint = {
  path: "/v1/audio/speech",
  protocol: "openai-other",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      const { input } = body;
      if (typeof input !== "string" || input === "") return refuseField("input", "must be a non-empty string.");
      const characters = input.length;
      const instructions = typeof body["instructions"] === "string" ? body["instructions"].length : 0;
      const maxSeconds = Math.ceil(characters / LEAST_CHARACTERS_PER_SECOND);
      return openAiRequest(source, ROUTE, {
        stream: body["stream_format"] === "sse",
        includeUsage: true,
        outputLimit: { fields: [], tokens: maxSeconds * SPEECH_TOKENS_PER_SECOND },
        input: { maxTokens: characters + instructions, likelyTokens: characters + instructions },
        pieces: {
          images: 0,
          maxAudioSeconds: maxSeconds,
          likelyAudioSeconds: Math.ceil(characters / LIKELY_CHARACTERS_PER_SECOND),
        },
      });
    }),
};
