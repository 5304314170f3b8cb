import { firstUnsupported } from "../../translate/refuse-field.ts";
import type { ProviderWire } from "../../translate/wires.ts";
import { readWhole, WorkersAiSource } from "./answer-source.ts";
import { buildRequest } from "./build-request.ts";
import { readFailure, readRefusal } from "./read-failure.ts";

/** Text generation of Workers AI for clients of any wire. */
export const workersAiWire: ProviderWire = {
  unsupportedField: firstUnsupported,
  buildRequest,
  readWhole,
  openSource: () => new WorkersAiSource(),
  readRefusal,
  readFailure,
};
