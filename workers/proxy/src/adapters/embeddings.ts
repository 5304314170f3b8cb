import type { InferenceRequest } from "../endpoints/inference-request.ts";
import { isArray } from "../endpoints/read-field.ts";
import type { ReportedCounts } from "../meter/reported-counts.ts";
import { numberOf, stringOf } from "../translate/chat-fields.ts";
import type { AnswerReading } from "./adapter.ts";
import { showUsage } from "./openai/show-usage.ts";

/** What an embeddings request wants embedded; null when it is tokens, which few vendors but OpenAI take. */
export function textsOf(input: unknown): readonly string[] | null {
  if (typeof input === "string") return [input];
  if (!isArray(input)) return null;
  const texts = input.map(stringOf).filter((text) => text !== null);
  return texts.length === input.length ? texts : null;
}

/** Vectors of another wire as an answer of OpenAI's; null when one of them is none. */
export function embeddingsAnswer(
  values: readonly unknown[],
  usage: ReportedCounts | null,
  request: InferenceRequest,
): AnswerReading | null {
  const vectors = values.map(numbersOf);
  if (vectors.some((vector) => vector === null)) return null;
  const encode = request.body["encoding_format"] === "base64" ? base64Of : (vector: readonly number[]) => vector;
  return {
    usage,
    finishReason: null,
    produced: () => ({ bytes: 0, pieces: 0 }),
    render: (shown) =>
      JSON.stringify({
        object: "list",
        data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: encode(vector ?? []) })),
        model: request.models[0] ?? "",
        usage: showUsage({ prompt_tokens: shown.inputTokens, total_tokens: shown.inputTokens }, shown, "prompt"),
      }),
  };
}

function numbersOf(values: unknown): readonly number[] | null {
  if (!isArray(values)) return null;
  const numbers = values.map(numberOf).filter((number) => number !== null);
  return numbers.length === values.length ? numbers : null;
}

/** Little-endian 32-bit floats, as OpenAI's own client asks for by default. */
function base64Of(vector: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((number, index) => bytes.setFloat32(index * 4, number, true));
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
}
