import { useState } from "preact/hooks";
import type { ApiError, ApiResult } from "./answer.ts";

export interface Action<Input> {
  readonly run: (input: Input) => void;
  readonly isRunning: boolean;
  readonly error: ApiError | null;
  /** Forgets the error. */
  readonly clear: () => void;
}

/** One change that a person asks for: not twice at once, and with what was refused. */
export function useAction<Input, Value>(
  perform: (input: Input) => Promise<ApiResult<Value>>,
  onDone: (value: Value) => void,
): Action<Input> {
  const [isRunning, setIsRunning] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const carryOut = async (input: Input): Promise<void> => {
    setIsRunning(true);
    setError(null);
    const answer = await perform(input);
    setIsRunning(false);
    if (answer.ok) onDone(answer.value);
    else setError(answer.error);
  };
  const run = (input: Input): void => {
    if (!isRunning) void carryOut(input);
  };
  return { run, isRunning, error, clear: () => setError(null) };
}
