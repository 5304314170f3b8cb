import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { Result } from "@aggregator/contracts/result";
import type { FailureHint, Refusal, ShownUsage, UpstreamRequest } from "../adapters/adapter.ts";
import type { InferenceRequest, JsonObject } from "../endpoints/inference-request.ts";
import type { SseFrame } from "../sse/sse-splitter.ts";
import type { AnswerHead, AnswerPart, FinishReason, SourceReading, WholeAnswer } from "./answer-part.ts";

/** How a provider is spoken to: takes a chat body of the OpenAI wire, gives parts. */
export interface ProviderWire {
  /** The field of a chat body that this wire has no like for; null: none. */
  unsupportedField?(chat: JsonObject): string | null;
  /** `invalid_request` naming a field that this provider cannot honour. */
  buildRequest(chat: JsonObject, request: InferenceRequest, endpoint: PlannedEndpoint): Result<UpstreamRequest>;
  /** null: not an answer of this wire. */
  readWhole(value: unknown): WholeAnswer | null;
  openSource(): AnswerSource;
  readRefusal(text: string): Refusal;
  readFailure?(status: number, text: string): FailureHint;
}

/** Reads a provider's stream; stateful. */
export interface AnswerSource {
  read(frame: SseFrame): SourceReading;
}

/** How a client is spoken to: gives a chat body of the OpenAI wire, takes parts. */
export interface ClientWire {
  toChat(request: InferenceRequest): Result<JsonObject>;
  renderWhole(answer: WholeAnswer, head: AnswerHead, usage: ShownUsage): JsonObject;
  openSink(head: AnswerHead, request: InferenceRequest): AnswerSink;
}

/** Writes a client's stream; stateful. */
export interface AnswerSink {
  write(parts: readonly AnswerPart[]): string;
  close(finish: FinishReason, usage: ShownUsage): string;
}
