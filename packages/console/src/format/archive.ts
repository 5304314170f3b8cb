import { type ApiResult, failed, trusted } from "../api/answer.ts";

/** A company's data as it was gathered. */
export interface Archive {
  readonly file: Blob;
  /** Sections that are not all there. */
  readonly missing: readonly string[];
}

interface LastLine {
  readonly section: string;
  readonly data: { readonly missing?: readonly { readonly section: string; readonly code: string }[] };
}

/** The last line fits in this many bytes: it names sections only. */
const LAST_BYTES = 8_192;

/** Reads in an archive's last line what is missing; without that line the archive is cut short, and no copy. */
export async function readArchive(file: Blob): Promise<ApiResult<Archive>> {
  const lines = (await file.slice(-LAST_BYTES).text()).trimEnd().split("\n");
  try {
    const { section, data } = trusted<LastLine>(lines.at(-1) ?? "");
    if (section !== "end") return failed(CUT_SHORT);
    const missing = (data.missing ?? []).filter(({ code }) => code !== NOT_OFFERED).map((of) => of.section);
    return { ok: true, value: { file, missing } };
  } catch {
    return failed(CUT_SHORT);
  }
}

/** What a platform does not offer, such as cards where no card processor is set up: nothing of it is lost. */
const NOT_OFFERED = "not_found";
const CUT_SHORT = { code: "unreadable", message: "The file was cut short.", status: 0 } as const;
