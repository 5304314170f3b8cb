import { useState } from "preact/hooks";
import type { ApiResult } from "./answer.ts";
import type { ApiClient, SignInPath } from "./client.ts";
import { type Action, useAction } from "./use-action.ts";

export interface SignInInput {
  readonly path: SignInPath;
  readonly body: unknown;
}

export interface SigningIn {
  readonly action: Action<SignInInput>;
  /** What the second step is taken with, once it is asked for. */
  readonly challenge: string | null;
  /** From the first step again. */
  readonly restart: () => void;
}

/** A sign-in by whatever proves it first; a second factor that is asked for is no refusal. */
export function useSignIn(api: ApiClient, onSignedIn: () => void): SigningIn {
  const [challenge, setChallenge] = useState<string | null>(null);
  const action = useAction(
    async ({ path, body }: SignInInput): Promise<ApiResult<string | null>> => {
      const answer = await api.signIn(path, body);
      if (answer.ok) return { ok: true, value: null };
      const { challengeToken } = answer.error;
      return challengeToken === undefined ? answer : { ok: true, value: challengeToken };
    },
    (asked) => {
      setChallenge(asked);
      if (asked === null) onSignedIn();
    },
  );
  return { action, challenge, restart: () => setChallenge(null) };
}
