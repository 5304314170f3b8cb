import { isObject } from "../../endpoints/read-field.ts";
import { utf8Length } from "../../meter/text-size.ts";

/** Members of a chat message or delta whose text the model produced. */
const TEXT_MEMBERS = ["content", "reasoning_content", "reasoning", "refusal"] as const;

/** UTF-8 bytes that the model produced in one message or delta: text, reasoning, refusal, calls of tools. */
export function measureMessage(message: unknown): number {
  if (!isObject(message)) return 0;
  let bytes = 0;
  for (const member of TEXT_MEMBERS) {
    const text = message[member];
    if (typeof text === "string") bytes += utf8Length(text);
  }
  const calls = message["tool_calls"];
  if (Array.isArray(calls)) for (const call of calls) bytes += measureCall(call);
  return bytes + measureFunction(message["function_call"]);
}

function measureCall(call: unknown): number {
  return isObject(call) ? measureFunction(call["function"] ?? call["custom"]) : 0;
}

function measureFunction(called: unknown): number {
  if (!isObject(called)) return 0;
  return textBytes(called["name"]) + textBytes(called["arguments"] ?? called["input"]);
}

function textBytes(value: unknown): number {
  return typeof value === "string" ? utf8Length(value) : 0;
}
