import { firstUnsupported } from "../../translate/refuse-field.ts";
import type { ProviderWire } from "../../translate/wires.ts";
import { readRefusal } from "../openai/read-refusal.ts";
import { readFailure } from "./read-failure.ts";
import { buildRequest } from "./build-request.ts";
import { MessageSource } from "./message-source.ts";
import { readWhole } from "./read-whole.ts";

/** Anthropic's Messages wire for clients of another. Its errors have OpenAI's members `error.message`. */
export const anthropicWire: ProviderWire = {
  unsupportedField: firstUnsupported,
  buildRequest,
  readWhole,
  openSource: () => new MessageSource(),
  readRefusal,
  readFailure,
};
