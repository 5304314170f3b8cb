import type { Subject } from "./subject.ts";
import { DIRECT_SOCKET } from "./compose-config.ts";
import { startWorkerd } from "./workerd.ts";

const SCRIPT = `
export default {
  fetch(request, env) {
    return fetch(env.UPSTREAM + new URL(request.url).pathname, request);
  },
};`;

/** The floor: a Worker that does nothing but pass requests on, in the same runtime. */
export async function startPassThrough(mockPort: number, folder: string): Promise<Subject> {
  const name = "pass-through";
  const workerd = await startWorkerd(
    [
      {
        name,
        modules: true,
        script: SCRIPT,
        compatibilityDate: "2026-11-02",
        compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
        bindings: { UPSTREAM: `http://127.0.0.1:${mockPort}` },
        ...DIRECT_SOCKET,
      },
    ],
    { folder },
  );
  return {
    name,
    port: workerd.portOf(name),
    headers: {},
    pid: workerd.pid,
    modelPrefix: "",
    stop: workerd.stop,
  };
}
