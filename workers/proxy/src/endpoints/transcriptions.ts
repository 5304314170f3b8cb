import type { Endpoint, RequestBody } from "./endpoint.ts";
import type { InferenceRequest, PieceSize } from "./inference-request.ts";
import { bodyOf, openAiRequest } from "./parse-openai.ts";
import { parseFields, refuseField } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/audio/transcriptions", protocol: "openai-other" } as const;
/** Bytes of a second of sound at least, by the name's ending: raw samples, lossless, the thinnest codecs. */
const LEAST_BYTES_PER_SECOND: Readonly<Record<string, number>> = { wav: 8_000, flac: 4_000, mp3: 1_000 };
const LEAST_BYTES_OF_ANY = 600;
/** How much thicker sound usually is than the least. */
const LIKELY_FACTOR = 4;
const TOKENS_PER_SECOND = 10;

/**
 * Text of a sound file: https://platform.openai.com/docs/api-reference/audio/createTranscription. The form's
 * text fields are the body; how long the file plays is bounded by its bytes.
 */
export const transcriptions: Endpoint = {
  path: "/v1/audio/transcriptions",
  protocol: "openai-other",
  takesForm: true,
  parse: (source) => parseFields(() => transcriptionRequest(source)),
};

function transcriptionRequest(source: RequestBody): InferenceRequest {
  const body = bodyOf(source);
  const file = source.form?.get("file");
  if (file === null || file === undefined || typeof file === "string") return refuseField("file", "is required.");
  const pieces = soundOf(file);
  return openAiRequest(source, ROUTE, {
    stream: body["stream"] === "true",
    includeUsage: true,
    input: {
      maxTokens: pieces.maxAudioSeconds * TOKENS_PER_SECOND + source.byteLength,
      likelyTokens: pieces.likelyAudioSeconds * TOKENS_PER_SECOND,
    },
    // Nobody speaks more than ten tokens a second.
    outputLimit: { fields: [], tokens: Math.max(1, pieces.maxAudioSeconds * TOKENS_PER_SECOND) },
    pieces,
  });
}

function soundOf(file: File): PieceSize {
  const ending = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  const seconds = file.size / (LEAST_BYTES_PER_SECOND[ending] ?? LEAST_BYTES_OF_ANY);
  return {
    images: 0,
    maxAudioSeconds: Math.max(1, Math.ceil(seconds)),
    likelyAudioSeconds: Math.max(1, Math.ceil(seconds / LIKELY_FACTOR)),
  };
}
