import { type ApiResult, failed } from "./answer.ts";
import type { ApiClient } from "./client.ts";
import { type Action, useAction } from "./use-action.ts";

/** Saves what a path answers as a file. */
export function useDownload(api: ApiClient, path: string, name: string): Action<void> {
  return useAction(
    async () => {
      const answer = await api.open(path);
      return answer.ok ? wholeOf(answer.value) : answer;
    },
    (file: Blob) => save(file, name),
  );
}

/** All of a file; an answer that breaks off is none. */
export async function wholeOf(response: Response): Promise<ApiResult<Blob>> {
  try {
    return { ok: true, value: await response.blob() };
  } catch {
    return failed(BROKEN_OFF, response.headers.get("x-request-id"));
  }
}

const BROKEN_OFF = { code: "network", message: "The file broke off. Try again.", status: 0 } as const;

/** Saves a file where the browser does. */
export function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
