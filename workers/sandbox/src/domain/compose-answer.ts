import { textOf, type ChatRequest } from "./chat-request.ts";
import { type Piece, splitJson, splitWords, words } from "./pieces.ts";
import type { Scenario } from "./scenario.ts";
import { exampleOf } from "./schema-example.ts";

export interface ComposedAnswer {
  /** In order; each is one completion token. */
  readonly pieces: readonly Piece[];
  readonly finishReason: "stop" | "length" | "tool_calls";
}

/**
 * What one choice answers: so many words of reasoning as asked for, then a call of a tool, JSON for the
 * response format, the asked number of words, or the echo of the last user or tool message; cut before a
 * stop sequence and at the output limit. All choices of a request are alike.
 */
export function composeAnswer(request: ChatRequest, scenario: Scenario): ComposedAnswer {
  const reasoning = piecesOf("reasoning", splitWords(words(scenario.reasoning_tokens ?? 0)));
  const tool = chosenTool(request);
  const body = tool === null ? composeText(request, scenario) : composeCall(tool);
  const pieces = [...reasoning, ...body];
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Infinity;
  if (pieces.length > limit) return { pieces: pieces.slice(0, limit), finishReason: "length" };
  return { pieces, finishReason: tool === null ? "stop" : "tool_calls" };
}

type Tool = NonNullable<ChatRequest["tools"]>[number];

/** The named tool or the first one; null where none is to be called or its answer has just come back. */
function chosenTool({ tools, tool_choice: choice, messages }: ChatRequest): Tool | null {
  const first = tools?.[0];
  if (first === undefined || choice === "none") return null;
  const wanted = typeof choice === "object" ? choice?.function.name : undefined;
  if (wanted !== undefined) return tools?.find((tool) => tool.function.name === wanted) ?? first;
  return choice !== "required" && messages.at(-1)?.role === "tool" ? null : first;
}

function composeCall(tool: Tool): readonly Piece[] {
  const example = exampleOf(tool.function.parameters ?? {});
  return [
    { kind: "tool_name", text: tool.function.name },
    ...piecesOf("tool_arguments", splitJson(JSON.stringify(example))),
  ];
}

function composeText(request: ChatRequest, scenario: Scenario): readonly Piece[] {
  const format = request.response_format;
  if (format?.type === "json_schema" || format?.type === "json_object") {
    const example =
      format.type === "json_schema" ? exampleOf(format.json_schema?.schema ?? {}) : { echo: echo(request) };
    return piecesOf("content", splitJson(JSON.stringify(example)));
  }
  const text = scenario.tokens === undefined ? echo(request) : words(scenario.tokens);
  return piecesOf("content", splitWords(beforeStop(text, request.stop)));
}

function echo({ messages }: ChatRequest): string {
  const last = messages.findLast(({ role }) => role === "user" || role === "tool") ?? messages.at(-1);
  return last === undefined ? "" : textOf(last);
}

function beforeStop(text: string, stop: ChatRequest["stop"]): string {
  const sequences = typeof stop === "string" ? [stop] : (stop ?? []);
  const ends = sequences.filter((sequence) => sequence !== "").map((sequence) => text.indexOf(sequence));
  return text.slice(0, Math.min(text.length, ...ends.filter((at) => at >= 0)));
}

function piecesOf(kind: Piece["kind"], texts: readonly string[]): readonly Piece[] {
  return texts.map((text) => ({ kind, text }));
}
