import { ok, type Result } from "@aggregator/contracts/result";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { argumentsObject } from "../../translate/answer-part.ts";
import { contentText, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import { cannotHonour } from "../../translate/refuse-field.ts";
import { convertPart } from "./convert-part.ts";

export interface Conversation {
  readonly system: readonly JsonObject[];
  readonly contents: readonly JsonObject[];
}

interface Turn {
  readonly role: "user" | "model";
  readonly parts: JsonObject[];
}

/** Accepted in place of a signature where the client kept none. https://ai.google.dev/gemini-api/docs/thought-signatures */
const NO_SIGNATURE = "skip_thought_signature_validator";

/**
 * Chat messages as Gemini's contents: system apart, neighbours of one role joined, results of tools under
 * the name of their call, signatures back on the calls that they signed. `needsSignatures`: the model
 * refuses a call without one.
 */
export function convertContents(chat: JsonObject, needsSignatures: boolean): Result<Conversation> {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  const callNames = new Map<string, string>();
  for (const [index, message] of objectsOf(chat["messages"]).entries()) {
    const { role } = message;
    if (role === "system" || role === "developer") {
      const text = contentText(message["content"]);
      if (text !== "") system.push({ text });
      continue;
    }
    const parts =
      role === "assistant"
        ? modelParts(message, callNames, needsSignatures, `messages.${index}`)
        : role === "tool"
          ? ok([toolResponse(message, callNames)])
          : userParts(message["content"], `messages.${index}.content`);
    if (!parts.ok) return parts;
    addTurn(turns, role === "assistant" ? "model" : "user", parts.value);
  }
  return ok({ system, contents: turns.map(({ role, parts }) => ({ role, parts })) });
}

function addTurn(turns: Turn[], role: Turn["role"], parts: readonly JsonObject[]): void {
  if (parts.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) last.parts.push(...parts);
  else turns.push({ role, parts: [...parts] });
}

function userParts(content: unknown, param: string): Result<readonly JsonObject[]> {
  if (!isArray(content)) return ok(typeof content === "string" && content !== "" ? [{ text: content }] : []);
  const parts: JsonObject[] = [];
  for (const [index, part] of objectsOf(content).entries()) {
    const converted = convertPart(part, `${param}.${index}`);
    if (!converted.ok) return converted;
    parts.push(converted.value);
  }
  return ok(parts);
}

function toolResponse(message: JsonObject, callNames: ReadonlyMap<string, string>): JsonObject {
  const id = stringOf(message["tool_call_id"]) ?? "";
  const text = contentText(message["content"]);
  const response = (text.startsWith("{") ? argumentsObject(text) : null) ?? { result: text };
  return { functionResponse: { id, name: callNames.get(id) ?? stringOf(message["name"]) ?? id, response } };
}

function modelParts(
  message: JsonObject,
  callNames: Map<string, string>,
  needsSignatures: boolean,
  param: string,
): Result<readonly JsonObject[]> {
  const signatures = signaturesOf(message);
  const text = contentText(message["content"]) + (stringOf(message["refusal"]) ?? "");
  const ofText = signatures.get(null);
  const parts: JsonObject[] =
    text === "" ? [] : [{ text, ...(ofText === undefined ? {} : { thoughtSignature: ofText }) }];
  for (const [index, call] of objectsOf(message["tool_calls"]).entries()) {
    const called = isObject(call["function"]) ? call["function"] : {};
    const id = stringOf(call["id"]) ?? "";
    const name = stringOf(called["name"]) ?? "";
    const args = argumentsObject(stringOf(called["arguments"]) ?? "");
    if (args === null) {
      return cannotHonour(`${param}.tool_calls.${index}.function.arguments`, "must be a JSON object.");
    }
    callNames.set(id, name);
    const signature = signatures.get(id) ?? (needsSignatures && index === 0 ? NO_SIGNATURE : undefined);
    parts.push({
      functionCall: { id, name, args },
      ...(signature === undefined ? {} : { thoughtSignature: signature }),
    });
  }
  return ok(parts);
}

/** Gemini's own signatures by the call that they belong to; null: the text's. */
function signaturesOf(message: JsonObject): ReadonlyMap<string | null, string> {
  const signatures = new Map<string | null, string>();
  for (const detail of objectsOf(message["reasoning_details"])) {
    const data = stringOf(detail["data"]);
    if (detail["format"] === "google-gemini-v1" && data !== null) signatures.set(stringOf(detail["id"]), data);
  }
  return signatures;
}
