/**
 * Runs `wrangler dev` with the arguments given, as the leader of a process group, and ends the group when
 * whoever started it is gone: its standard input then ends, also when the starter was killed and could
 * tell nobody. Otherwise the Workers would keep their port.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../workers.ts";

const wrangler = spawn(
  process.execPath,
  [join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js"), "dev", ...process.argv.slice(2)],
  { stdio: ["ignore", "inherit", "inherit"] },
);
wrangler.once("exit", (code) => process.exit(code ?? 1));
process.stdin.once("end", () => process.kill(-process.pid, "SIGKILL")).resume();
