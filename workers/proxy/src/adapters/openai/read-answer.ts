import { locateMembers, spliceMembers } from "@aggregator/runtime/parse-json";
import { isObject } from "../../endpoints/read-field.ts";
import type { AnswerReading } from "../adapter.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import type { AnswerShape } from "./answer-shape.ts";
import { readUsage } from "./read-usage.ts";
import { showUsage, type UsageNames } from "./show-usage.ts";

/** A complete answer; null when the text is none of this shape. All bytes but the usage come back as they were. */
export function readAnswer(text: string, shape: AnswerShape, names: UsageNames): AnswerReading | null {
  const value = parseOrUndefined(text);
  if (!isObject(value) || !shape.isAnswer(value)) return null;
  return {
    usage: shape.counts === undefined ? readUsage(value["usage"]) : shape.counts(value),
    finishReason: shape.finishReason(value),
    produced: () => shape.produced(value),
    render: (shown) =>
      spliceMembers(
        text,
        locateMembers(text),
        new Map([["usage", JSON.stringify(showUsage(value["usage"], shown, names))]]),
      ),
  };
}
