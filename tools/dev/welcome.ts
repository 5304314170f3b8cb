import type { Credentials } from "./state.ts";

export interface Welcome {
  readonly origin: string;
  readonly credentials: Credentials;
  readonly credentialsPath: string;
  readonly logPath: string;
  readonly seconds: number;
}

/** What a newcomer needs to make the first request, as printed when the platform is ready. */
export function welcome({ origin, credentials, credentialsPath, logPath, seconds }: Welcome): string {
  const { api_key: key, company, admin } = credentials;
  return `
Ready in ${seconds.toFixed(1)} s.

  API      ${origin}/v1
  Console  ${origin}/console
  Docs     ${origin}/docs
  Health   ${origin}/health
  Mail     ${origin}/dev/outbox

  API key  ${key}
  Company  ${company.email}  ${company.password}
  Admin    ${admin.email}  ${admin.password}

  curl ${origin}/v1/chat/completions \\
    -H 'authorization: Bearer ${key}' -H 'content-type: application/json' \\
    -d '{"model":"sandbox/echo","messages":[{"role":"user","content":"Hello"}]}'

These are in ${credentialsPath}; the Workers' log is ${logPath}. Ctrl+C stops; the data stays.
`;
}
