import type { ProviderWire } from "../../translate/wires.ts";
import { firstUnsupported } from "../../translate/refuse-field.ts";
import { GeminiSource, readWhole } from "./answer-source.ts";
import { buildRequest } from "./build-request.ts";
import { readFailure } from "./read-failure.ts";
import { readRefusal } from "./read-refusal.ts";

/** Google's generateContent for clients of any wire. */
export const geminiWire: ProviderWire = {
  unsupportedField: firstUnsupported,
  buildRequest,
  readWhole,
  openSource: () => new GeminiSource(),
  readRefusal,
  readFailure,
};
