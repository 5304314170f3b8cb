import { err, ok, type Result } from "@aggregator/contracts/result";
import { parseJson } from "@aggregator/runtime/parse-json";

/** Management bodies are small; inference has its own limit. */
export const MAX_JSON_BYTES = 1_048_576;

/**
 * The JSON body of a management request, parsed strictly (no duplicate keys, no `__proto__`, bounded
 * depth); what it means is for the Worker that owns the operation. `unsupported_media_type`,
 * `request_too_large` (over 1 MiB), `invalid_json`.
 */
export async function readJson(request: Request): Promise<Result<unknown>> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    return err(
      "unsupported_media_type",
      "Compressed request bodies are not accepted; send it without Content-Encoding.",
      {
        param: "content-encoding",
      },
    );
  }
  const mediaType = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "application/json") {
    return err("unsupported_media_type", "Send the body as content-type: application/json.", { param: "content-type" });
  }
  const text = await readText(request);
  if (!text.ok) return text;
  const parsed = parseJson(text.value);
  return parsed.ok ? ok(parsed.value.value) : parsed;
}

/** The body as text. Counted while it is read: a declared length need not be true. */
export async function readText(request: Request): Promise<Result<string>> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_JSON_BYTES) return TOO_LARGE;
  if (request.body === null) return ok("");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let text = "";
  let seen = 0;
  try {
    const bytes: AsyncIterable<Uint8Array> = request.body;
    for await (const chunk of bytes) {
      seen += chunk.byteLength;
      if (seen > MAX_JSON_BYTES) return TOO_LARGE;
      text += decoder.decode(chunk, { stream: true });
    }
    return ok(text + decoder.decode());
  } catch {
    return err("invalid_json", "The body could not be read as UTF-8.");
  }
}

const TOO_LARGE = err("request_too_large", `The request body is larger than the limit of ${MAX_JSON_BYTES} bytes.`);
