import type { Result } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import type {
  AnswerReading,
  Exchange,
  ForcedFinish,
  FrameReading,
  ShownUsage,
  StreamReader,
} from "../adapters/adapter.ts";
import { parseOrUndefined } from "../adapters/parse-or-undefined.ts";
import type { InferenceRequest, JsonObject } from "../endpoints/inference-request.ts";
import { utf8Length } from "../meter/text-size.ts";
import type { SseFrame } from "../sse/sse-splitter.ts";
import type { AnswerHead, AnswerPart, FinishReason } from "./answer-part.ts";
import { refusalOf } from "./refuse-field.ts";
import type { AnswerSink, AnswerSource, ClientWire, ProviderWire } from "./wires.ts";

/** Serves a client of one wire from a provider of another. */
export function translateExchange(client: ClientWire, provider: ProviderWire): Exchange {
  // Asked before the hold and again for each attempt.
  const chats = new WeakMap<InferenceRequest, Result<JsonObject>>();
  const chatOf = (request: InferenceRequest): Result<JsonObject> => {
    const known = chats.get(request);
    if (known !== undefined) return known;
    const chat = client.toChat(request);
    chats.set(request, chat);
    return chat;
  };
  return {
    refuse(request) {
      const chat = chatOf(request);
      if (!chat.ok) return chat.error;
      const field = provider.unsupportedField?.(chat.value) ?? null;
      return field === null ? null : refusalOf(field, "the providers of this model do not support it.");
    },
    buildRequest(request, endpoint) {
      const chat = chatOf(request);
      return chat.ok ? provider.buildRequest(chat.value, request, endpoint) : chat;
    },
    readAnswer(text, request): AnswerReading | null {
      const answer = provider.readWhole(parseOrUndefined(text));
      if (answer === null) return null;
      return {
        usage: answer.usage,
        finishReason: answer.finish,
        produced: () => ({ bytes: bytesOf(answer.parts), pieces: 1 }),
        render: (usage) => JSON.stringify(client.renderWhole(answer, headOf(request), usage)),
      };
    },
    openStream: (request) =>
      new TranslatingStreamReader(provider.openSource(), client.openSink(headOf(request), request)),
    readRefusal: (text) => provider.readRefusal(text),
    readFailure: (status, text) => provider.readFailure?.(status, text) ?? {},
  };
}

export function headOf(request: InferenceRequest): AnswerHead {
  return {
    id: newId().replaceAll("-", ""),
    model: request.models[0] ?? "",
    createdSeconds: Math.floor(Date.now() / 1_000),
  };
}

class TranslatingStreamReader implements StreamReader {
  readonly #source: AnswerSource;
  readonly #sink: AnswerSink;
  #finish: FinishReason = "stop";

  constructor(source: AnswerSource, sink: AnswerSink) {
    this.#source = source;
    this.#sink = sink;
  }

  read(frame: SseFrame): FrameReading {
    const reading = this.#source.read(frame);
    if (reading.kind !== "parts") return reading;
    const { parts, finish, usage } = reading;
    if (finish !== null) this.#finish = finish;
    const events = parts.length === 0 ? "" : this.#sink.write(parts);
    const producedBytes = bytesOf(parts);
    return {
      kind: producedBytes > 0 || finish !== null ? "content" : "lifecycle",
      producedBytes,
      usage,
      finishReason: finish,
      shown: events === "" ? "hidden" : { events },
    };
  }

  close(forced: ForcedFinish | null, usage: ShownUsage): string {
    return this.#sink.close(forced ?? this.#finish, usage);
  }
}

/** UTF-8 bytes that the model produced; signatures and encrypted thoughts are not counted. */
function bytesOf(parts: readonly AnswerPart[]): number {
  return parts.reduce((sum, part) => sum + bytesOfPart(part), 0);
}

function bytesOfPart(part: AnswerPart): number {
  switch (part.type) {
    case "text":
    case "refusal":
    case "reasoning":
    case "tool_arguments":
      return utf8Length(part.text);
    case "tool_call":
      return utf8Length(part.name);
    case "signature":
    case "encrypted":
      return 0;
  }
}
