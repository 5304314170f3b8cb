import type { InferenceRequest } from "../../endpoints/inference-request.ts";
import { SPEECH_TOKENS_PER_SECOND } from "../../endpoints/speech.ts";
import type { BytesReading, Exchange } from "../adapter.ts";
import { buildRequest } from "./build-request.ts";
import { readFailure } from "./read-failure.ts";
import { readRefusal } from "./read-refusal.ts";
import { readUsage } from "./read-usage.ts";
import { TypedEventReader } from "./typed-event-reader.ts";

/** Speech: sound as it comes, or events with `stream_format: "sse"`, which alone report usage. */
export const speechExchange: Exchange = {
  buildRequest: (request, endpoint) => buildRequest("audio/speech", request, endpoint),
  readAnswer: () => null,
  openStream: () => new TypedEventReader((event) => readUsage(event["usage"])),
  bytesOf: (request) => (request.stream ? null : bytesReading(request)),
  readRefusal,
  readFailure,
};

/** The text is known to the character; of the sound nobody tells how much it was. */
function bytesReading({ input, pieces }: InferenceRequest): BytesReading {
  const tokens = (pieces?.likelyAudioSeconds ?? 0) * SPEECH_TOKENS_PER_SECOND;
  return {
    usage: { input: input.likelyTokens, output: undefined, outputAudio: tokens },
    produced: { bytes: 0, pieces: tokens },
  };
}
