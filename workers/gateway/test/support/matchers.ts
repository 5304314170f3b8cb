import { expect } from "vitest";

/** Vitest's matchers are typed `any`; these are the same, typed. */
export const anyNumber: unknown = expect.any(Number);
export const anyString: unknown = expect.any(String);

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** A CallContext with an id and a trace. */
export const anyContext: unknown = expect.objectContaining({ requestId: anyString, traceparent: anyString });
