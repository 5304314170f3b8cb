import { useState } from "preact/hooks";
import type { ApiError, ApiResult } from "./answer.ts";

export interface Action<Input> {
  readonly run: (input: Input) => void;
  readonly isRunning: boolean;
  readonly error: ApiError | null;
  /** The last one was carried out. */
  readonly isDone: boolean;
  /** Forgets the error. */
  readonly clear: () => void;
}

/** One change that a person asks for: not twice at once, and with what was refused. */
export function useAction<Input, Value>(
  perform: (input: Input) => Promise<ApiResult<Value>>,
  onDone: (value: Value) => void,
): Action<Input> {
  const [isRunning, setIsRunning] = useState(false);
  const [isDone, setIsDone] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const carryOut = async (input: Input): Promise<void> => {
    setIsRunning(true);
    setIsDone(false);
    setError(null);
    const answer = await perform(input);
    setIsRunning(false);
    setIsDone(answer.ok);
    if (answer.ok) onDone(answer.value);
    else setError(answer.error);
  };
  const run = (input: Input): void => {
    if (!isRunning) void carryOut(input);
  };
  return { run, isRunning, isDone, error, clear: () => setError(null) };
}
