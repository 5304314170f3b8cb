import type { CallLog } from "../domain/call-log.ts";
import { ChatRequest, countPrompt } from "../domain/chat-request.ts";
import { chatBody, closingChunk, type Envelope, openingChunk, pieceChunk, usageChunk } from "../domain/chat-wire.ts";
import { composeAnswer, type ComposedAnswer } from "../domain/compose-answer.ts";
import { chatUsage, countUsage } from "../domain/usage.ts";
import { openCall } from "../http/open-call.ts";
import { playBody } from "../http/play-body.ts";
import { type Frame, playStream } from "../http/play-stream.ts";

/** `POST /v1/chat/completions`: a deterministic answer with exact usage, whole or streamed, and faults on demand. */
export async function answerChat(request: Request, log: CallLog, nowMs: number): Promise<Response> {
  const opened = await openCall(request, ChatRequest, log);
  if (opened instanceof Response) return opened;
  const { body, scenario, call, signal } = opened;
  const answer = composeAnswer(body, scenario);
  const choices = body.n ?? 1;
  const counts = countUsage(countPrompt(body), answer.pieces, choices, scenario);
  const usage = scenario.no_usage === true ? undefined : chatUsage(counts, scenario);
  const envelope = {
    id: `chatcmpl-${crypto.randomUUID().replaceAll("-", "")}`,
    created: Math.floor(nowMs / 1_000),
    model: body.model,
  };
  if (body.stream !== true) return playBody(chatBody(envelope, answer, choices, usage), scenario, call);
  const shown = body.stream_options?.include_usage === true ? usage : undefined;
  return playStream(chatFrames(envelope, answer, choices, shown), scenario, call, signal);
}

function* chatFrames(
  envelope: Envelope,
  answer: ComposedAnswer,
  choices: number,
  usage: unknown,
): Generator<Frame, void, undefined> {
  yield { data: openingChunk(envelope, choices), isPiece: false };
  for (const piece of answer.pieces) {
    for (let index = 0; index < choices; index += 1) {
      yield { data: pieceChunk(envelope, piece, index), isPiece: true };
    }
  }
  yield { data: closingChunk(envelope, answer, choices), isPiece: false };
  if (usage !== undefined) yield { data: usageChunk(envelope, usage), isPiece: false };
  yield { data: "[DONE]", isPiece: false };
}
