import type { ClientWire } from "../../translate/wires.ts";
import { outputOf, responseOf } from "./response-shape.ts";
import { ResponseSink } from "./response-sink.ts";
import { toChat } from "./to-chat.ts";

/** A client of OpenAI's responses wire, served by a provider that has none. */
export const responsesClient: ClientWire = {
  toChat,
  renderWhole: (answer, head, usage) => responseOf(head, answer.finish, outputOf(answer.parts, head), usage),
  openSink: (head, request) => new ResponseSink(head, request),
};
