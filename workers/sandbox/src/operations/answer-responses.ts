import type { CallLog } from "../domain/call-log.ts";
import { countPrompt } from "../domain/chat-request.ts";
import { composeAnswer, type ComposedAnswer } from "../domain/compose-answer.ts";
import { joinPieces } from "../domain/pieces.ts";
import { chatOf, ResponsesRequest } from "../domain/responses-request.ts";
import { countUsage, responsesUsage } from "../domain/usage.ts";
import { openCall } from "../http/open-call.ts";
import { playBody } from "../http/play-body.ts";
import { type Frame, playStream } from "../http/play-stream.ts";

/** `POST /v1/responses`: the echo as one message item, whole or as events; reasoning and tools belong to chat. */
export async function answerResponses(request: Request, log: CallLog, nowMs: number): Promise<Response> {
  const opened = await openCall(request, ResponsesRequest, log);
  if (opened instanceof Response) return opened;
  const { body, scenario, call, signal } = opened;
  const chat = chatOf(body);
  const answer = composeAnswer(chat, scenario);
  const usage = responsesUsage(countUsage(countPrompt(chat), answer.pieces, 1, scenario), scenario);
  const id = crypto.randomUUID().replaceAll("-", "");
  const response = {
    id: `resp_${id}`,
    object: "response",
    created_at: Math.floor(nowMs / 1_000),
    model: body.model,
    error: null,
    incomplete_details: null,
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
  };
  const done = { ...response, ...ending(answer, `msg_${id}`), ...(scenario.no_usage === true ? {} : { usage }) };
  if (body.stream !== true) return playBody(done, scenario, call);
  return playStream(responseFrames(response, done, answer, `msg_${id}`), scenario, call, signal);
}

function ending(answer: ComposedAnswer, id: string): object {
  const isWhole = answer.finishReason !== "length";
  return {
    status: isWhole ? "completed" : "incomplete",
    incomplete_details: isWhole ? null : { reason: "max_output_tokens" },
    output: [{ ...item(id), status: isWhole ? "completed" : "incomplete", content: [textPart(answer)] }],
  };
}

function* responseFrames(
  response: object,
  done: object,
  answer: ComposedAnswer,
  id: string,
): Generator<Frame, void, undefined> {
  let sequence = 0;
  const frame = (event: string, fields: object, isPiece = false): Frame => {
    sequence += 1;
    return { event, data: { type: event, sequence_number: sequence - 1, ...fields }, isPiece };
  };
  const at = { item_id: id, output_index: 0, content_index: 0 };
  const text = joinPieces(answer.pieces, "content");
  const open = { ...response, status: "in_progress", output: [] };
  yield frame("response.created", { response: open });
  yield frame("response.in_progress", { response: open });
  const started = { ...item(id), status: "in_progress", content: [] };
  yield frame("response.output_item.added", { output_index: 0, item: started });
  yield frame("response.content_part.added", { ...at, part: { type: "output_text", text: "", annotations: [] } });
  for (const piece of answer.pieces) {
    yield frame("response.output_text.delta", { ...at, delta: piece.text, logprobs: [] }, true);
  }
  yield frame("response.output_text.done", { ...at, text, logprobs: [] });
  yield frame("response.content_part.done", { ...at, part: textPart(answer) });
  const ended = { ...item(id), status: "completed", content: [textPart(answer)] };
  yield frame("response.output_item.done", { output_index: 0, item: ended });
  yield frame(answer.finishReason === "length" ? "response.incomplete" : "response.completed", { response: done });
}

function item(id: string): object {
  return { id, type: "message", role: "assistant" };
}

function textPart(answer: ComposedAnswer): object {
  return { type: "output_text", text: joinPieces(answer.pieces, "content"), annotations: [] };
}
