import type { ComposedAnswer } from "./compose-answer.ts";
import { joinPieces, type Piece } from "./pieces.ts";

/** What all frames of one answer share. */
export interface Envelope {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

const FINGERPRINT = "fp_sandbox";

/** The body of an answer in one piece; `usage` undefined reports none. */
export function chatBody(envelope: Envelope, answer: ComposedAnswer, choices: number, usage: unknown): unknown {
  return {
    ...envelope,
    object: "chat.completion",
    system_fingerprint: FINGERPRINT,
    choices: indexes(choices).map((index) => ({
      index,
      message: message(envelope, answer, index),
      logprobs: null,
      finish_reason: answer.finishReason,
    })),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** The first chunk: who speaks, in every choice. */
export function openingChunk(envelope: Envelope, choices: number): unknown {
  return chunk(
    envelope,
    indexes(choices).map((index) => delta(index, { role: "assistant", content: "" })),
  );
}

/** One piece of one choice. */
export function pieceChunk(envelope: Envelope, piece: Piece, index: number): unknown {
  return chunk(envelope, [delta(index, pieceDelta(envelope, piece, index))]);
}

/** The chunk that ends every choice. */
export function closingChunk(envelope: Envelope, answer: ComposedAnswer, choices: number): unknown {
  return chunk(
    envelope,
    indexes(choices).map((index) => delta(index, {}, answer.finishReason)),
  );
}

/** The chunk without choices that carries the usage. */
export function usageChunk(envelope: Envelope, usage: unknown): unknown {
  return { ...(chunk(envelope, []) as object), usage };
}

function message(envelope: Envelope, { pieces }: ComposedAnswer, index: number): unknown {
  const name = joinPieces(pieces, "tool_name");
  const reasoning = joinPieces(pieces, "reasoning");
  const call = { name, arguments: joinPieces(pieces, "tool_arguments") };
  return {
    role: "assistant",
    content: name === "" ? joinPieces(pieces, "content") : null,
    refusal: null,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(name === "" ? {} : { tool_calls: [{ id: callId(envelope, index), type: "function", function: call }] }),
  };
}

function pieceDelta(envelope: Envelope, { kind, text }: Piece, choice: number): unknown {
  switch (kind) {
    case "reasoning":
      return { reasoning_content: text };
    case "content":
      return { content: text };
    case "tool_name": {
      const call = { name: text, arguments: "" };
      return { tool_calls: [{ index: 0, id: callId(envelope, choice), type: "function", function: call }] };
    }
    case "tool_arguments":
      return { tool_calls: [{ index: 0, function: { arguments: text } }] };
  }
}

function chunk(envelope: Envelope, choices: readonly unknown[]): unknown {
  return { ...envelope, object: "chat.completion.chunk", system_fingerprint: FINGERPRINT, choices };
}

function delta(index: number, value: unknown, finishReason: string | null = null): unknown {
  return { index, delta: value, logprobs: null, finish_reason: finishReason };
}

function callId({ id }: Envelope, choice: number): string {
  return `call_${id.slice(-12)}_${choice}`;
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
