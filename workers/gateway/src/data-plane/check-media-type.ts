import type { DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import { err, ok, type Result } from "@aggregator/contracts/result";

/**
 * Whether the proxy can read this body: JSON, or a form where files are uploaded, and not compressed (a
 * small compressed body can grow past every limit). `unsupported_media_type` otherwise.
 */
export function checkMediaType(endpoint: DataPlaneEndpoint, headers: Headers): Result<void> {
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    return err(
      "unsupported_media_type",
      "Compressed request bodies are not accepted; send it without Content-Encoding.",
      {
        param: "content-encoding",
      },
    );
  }
  const wanted = endpoint === "/v1/audio/transcriptions" ? "multipart/form-data" : "application/json";
  const sent = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (sent === wanted) return ok();
  return err("unsupported_media_type", `Send the body as content-type: ${wanted}.`, { param: "content-type" });
}
