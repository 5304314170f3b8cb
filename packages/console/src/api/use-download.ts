import type { ApiClient } from "./client.ts";
import { type Action, useAction } from "./use-action.ts";

/** Saves what a path answers as a file. */
export function useDownload(api: ApiClient, path: string, name: string): Action<void> {
  return useAction(
    async () => {
      const answer = await api.open(path);
      return answer.ok ? { ok: true as const, value: await answer.value.blob() } : answer;
    },
    (file: Blob) => save(file, name),
  );
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
