import { ok, type Result } from "@aggregator/contracts/result";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { stringOf } from "../../translate/chat-fields.ts";
import { mediaSourceOf } from "../../translate/media.ts";
import { cannotHonour } from "../../translate/refuse-field.ts";

/** Types that Gemini must be told for what it fetches itself. */
const TYPE_OF_EXTENSION: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  heic: "image/heic",
  gif: "image/gif",
  pdf: "application/pdf",
  mp4: "video/mp4",
  webm: "video/webm",
  mov: "video/quicktime",
};

/** A part of a user's chat message as Gemini's. */
export function convertPart(part: JsonObject, param: string): Result<JsonObject> {
  switch (part["type"]) {
    case "text":
      return ok({ text: stringOf(part["text"]) ?? "" });
    case "image_url":
      return mediaPart(part["image_url"], "url", "image/jpeg", `${param}.image_url.url`);
    case "video_url":
      return mediaPart(part["video_url"], "url", "video/mp4", `${param}.video_url.url`);
    case "file":
      return mediaPart(part["file"], "file_data", "application/pdf", `${param}.file.file_data`);
    case "input_audio": {
      const audio = isObject(part["input_audio"]) ? part["input_audio"] : {};
      const data = stringOf(audio["data"]);
      if (data === null) return cannotHonour(`${param}.input_audio.data`, "is required.");
      return ok({ inlineData: { mimeType: `audio/${stringOf(audio["format"]) ?? "wav"}`, data } });
    }
    default:
      return cannotHonour(`${param}.type`, "the providers of this model do not support this kind of content.");
  }
}

function mediaPart(holder: unknown, member: string, defaultType: string, param: string): Result<JsonObject> {
  const url = stringOf(isObject(holder) ? holder[member] : holder);
  if (url === null) return cannotHonour(param, "is required: files kept elsewhere cannot be read.");
  const source = mediaSourceOf(url, defaultType);
  return ok(
    source.kind === "base64"
      ? { inlineData: { mimeType: source.mediaType, data: source.data } }
      : { fileData: { fileUri: source.url, mimeType: typeOfUrl(source.url) ?? defaultType } },
  );
}

function typeOfUrl(url: string): string | undefined {
  const extension = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  return TYPE_OF_EXTENSION[extension];
}
