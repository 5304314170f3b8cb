import type { LoadRequest } from "../load/load.ts";

/** What is measured, ready to be called. */
export interface Subject {
  readonly name: SubjectName;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The process that does the work, for its memory and processor time. */
  readonly pid: number;
  /** What a model is called here. */
  readonly modelPrefix: string;
  readonly stop: () => Promise<void>;
}

export type SubjectName = "mock" | "pass-through" | "skeleton" | "platform" | "portkey";

export const SUBJECT_TITLES: Readonly<Record<SubjectName, string>> = {
  mock: "mock called directly",
  "pass-through": "bare pass-through Worker",
  skeleton: "its hops and commits alone",
  platform: "this platform",
  portkey: "Portkey gateway",
};

/** A chat with a prompt of about `promptBytes`, for one subject. */
export function chat(
  subject: Subject,
  options: { readonly model?: "echo" | "paced" | "flood"; readonly promptBytes?: number } = {},
): LoadRequest {
  const { model = "echo", promptBytes = 200 } = options;
  const body = {
    model: `${subject.modelPrefix}${model}`,
    messages: [
      { role: "system", content: "You are a helpful assistant." },
      { role: "user", content: "lorem ipsum ".repeat(Math.ceil(promptBytes / 12)).slice(0, promptBytes) },
    ],
    max_tokens: 64,
    ...(model === "echo" ? {} : { stream: true, max_tokens: 4_096, stream_options: { include_usage: true } }),
  };
  return { path: "/v1/chat/completions", headers: subject.headers, body: JSON.stringify(body) };
}
