import type { DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import type { Result } from "@aggregator/contracts/result";
import type { ParsedJson } from "@aggregator/runtime/parse-json";
import type { InferenceRequest, Protocol } from "./inference-request.ts";
import type { FieldRefusal } from "./read-field.ts";

export interface RequestBody {
  readonly text: string;
  /** UTF-8 bytes of `text`. */
  readonly byteLength: number;
  readonly parsed: ParsedJson;
  readonly headers: Headers;
  /** The fields and files of a form; `text` is then its text fields as JSON. */
  readonly form: FormData | null;
}

/** A row of the data plane. Everything after parsing is one pipeline that all rows share. */
export interface Endpoint {
  readonly path: DataPlaneEndpoint;
  readonly protocol: Protocol;
  /** True where the body is a form with files instead of JSON. */
  readonly takesForm?: true;
  /** `invalid_request` naming the field for a value of the wrong type; unknown fields are left alone. */
  parse(body: RequestBody): Result<InferenceRequest, FieldRefusal>;
}
