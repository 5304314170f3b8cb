import { err, ok, type Result } from "@aggregator/contracts/result";
import { sha256HexOfBytes } from "@aggregator/runtime/digest";
import type { RequestBody } from "./endpoint.ts";

/**
 * A form with files; the gateway has bounded its bytes. Its text fields become the body that endpoints
 * parse, its files stand
 * beside it by their digest where the request may be compared with another.
 * `unsupported_media_type`, `invalid_request`.
 */
export async function readForm(request: Request): Promise<Result<RequestBody>> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    return err("unsupported_media_type", "Content-Type must be multipart/form-data.");
  }
  let form: FormData;
  try {
    form = await request.formData();
  } catch {
    return err("invalid_request", "The form did not arrive whole, or is not well-formed.");
  }
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  const digests: string[] = [];
  const isCompared = request.headers.has("idempotency-key");
  for (const [name, value] of form.entries()) {
    if (typeof value === "string") fields[name] = value;
    else if (isCompared) digests.push(`${name}:${await sha256HexOfBytes(await value.arrayBuffer())}`);
  }
  const text = JSON.stringify(fields);
  return ok({
    text: digests.length === 0 ? text : `${text}\n${digests.join("\n")}`,
    byteLength: text.length,
    parsed: { value: fields, members: new Map() },
    headers: request.headers,
    form,
  });
}
