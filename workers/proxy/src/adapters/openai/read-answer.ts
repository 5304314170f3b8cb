import { locateMembers, spliceMembers } from "@aggregator/runtime/parse-json";
import { isObject } from "../../endpoints/read-field.ts";
import type { AnswerReading } from "../adapter.ts";
import { measureMessage } from "./measure-choices.ts";
import { readUsage } from "./read-usage.ts";
import { showUsage } from "./show-usage.ts";

/** A chat answer; null when the text is no JSON object with choices. All members the wire does not know come back. */
export function readAnswer(text: string): AnswerReading | null {
  const value = parse(text);
  if (!isObject(value) || !Array.isArray(value["choices"])) return null;
  const choices: readonly unknown[] = value["choices"];
  const first = choices[0];
  const finish = isObject(first) ? first["finish_reason"] : null;
  return {
    usage: readUsage(value["usage"]),
    finishReason: typeof finish === "string" ? finish : null,
    produced: () => ({
      bytes: choices.reduce<number>(
        (sum, choice) => sum + (isObject(choice) ? measureMessage(choice["message"]) : 0),
        0,
      ),
      pieces: choices.length,
    }),
    render: (shown) =>
      spliceMembers(text, locateMembers(text), new Map([["usage", JSON.stringify(showUsage(value["usage"], shown))]])),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
