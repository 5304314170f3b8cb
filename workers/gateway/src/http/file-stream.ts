/**
 * A file that is longer than memory should hold, made part by part as it is read. When a part cannot be
 * had its maker throws and the stream breaks, so that no half of a file passes for all of it.
 */
export function fileStream(parts: AsyncGenerator<string, void, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return();
    },
  });
}

/** One file's headers: an attachment that no cache keeps. */
export function fileHeaders(contentType: string, fileName: string): Record<string, string> {
  return {
    "content-type": contentType,
    "content-disposition": `attachment; filename="${fileName}"`,
    "cache-control": "private, no-store",
  };
}
