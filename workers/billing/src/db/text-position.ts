import { decodeCursor } from "@aggregator/runtime/cursor";

/** The text in a page cursor; undefined where there is no cursor or it is not one of ours. */
export function textPosition(cursor: string | undefined): string | undefined {
  const position = cursor === undefined ? undefined : decodeCursor(cursor);
  return typeof position === "string" ? position : undefined;
}
