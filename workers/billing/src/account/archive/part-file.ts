import { ownJson } from "../load-book.ts";
import type { ArchivedEntry, Part } from "./part.ts";

/** The bucket, as far as it is used. */
export type ArchiveBucket = Pick<R2Bucket, "get" | "put">;

/** First line of a file. */
type Manifest = Part & { readonly version: 1; readonly companyId: string };

/** A file is missing or is not what was written. */
export class ArchiveDamaged extends Error {
  override readonly name = "ArchiveDamaged";
}

/** Where a part lies. Its positions name it, so that no other part is ever written there. */
export function objectKeyOf(companyId: string, part: Pick<Part, "day" | "firstSeq" | "lastSeq">): string {
  return `${companyId}/${part.day}/${part.firstSeq}-${part.lastSeq}.ndjson.gz`;
}

/** The lines of entries, one JSON object each. */
export function linesOf(rows: readonly ArchivedEntry[]): string {
  return rows.map((row) => JSON.stringify(row)).join("\n");
}

/** SHA-256 of a text, in hex. */
export async function sha256Of(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Writes a part: its manifest, then its entries; NDJSON, gzip. A repeat writes the same. */
export async function writePart(bucket: ArchiveBucket, companyId: string, part: Part, lines: string): Promise<void> {
  const manifest: Manifest = { version: 1, companyId, ...part };
  const text = new Blob([`${JSON.stringify(manifest)}\n${lines}\n`]);
  const zipped = await new Response(text.stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  await bucket.put(part.objectKey, zipped, { httpMetadata: { contentType: "application/gzip" } });
}

/** Reads a part's lines and checks them against what the account knows of it. Throws `ArchiveDamaged`. */
export async function readPartLines(bucket: ArchiveBucket, companyId: string, part: Part): Promise<string> {
  const object = await bucket.get(part.objectKey);
  if (object === null) throw new ArchiveDamaged(`${part.objectKey} is missing`);
  const text = await unzipped(await object.arrayBuffer()).catch(() => "");
  const end = text.indexOf("\n");
  const lines = text.slice(end + 1).trimEnd();
  if (!isManifestOf(text.slice(0, end), companyId, part) || (await sha256Of(lines)) !== part.sha256) {
    throw new ArchiveDamaged(`${part.objectKey} is not what was written`);
  }
  return lines;
}

/** The entries of a part, oldest first. Throws `ArchiveDamaged`. */
export async function readPart(bucket: ArchiveBucket, companyId: string, part: Part): Promise<ArchivedEntry[]> {
  const lines = await readPartLines(bucket, companyId, part);
  return lines.split("\n").map((line) => ownJson<ArchivedEntry>(line));
}

function isManifestOf(line: string, companyId: string, part: Part): boolean {
  if (!line.startsWith("{")) return false;
  const manifest = ownJson<Manifest>(line);
  return manifest.companyId === companyId && manifest.objectKey === part.objectKey && manifest.sha256 === part.sha256;
}

function unzipped(zipped: ArrayBuffer): Promise<string> {
  return new Response(new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
