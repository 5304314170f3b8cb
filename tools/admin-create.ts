/**
 * `pnpm admin:create --email … --name … [--remote]` makes the first operator of the platform: a member
 * with the flag that no API sets, in a company of its own. The password is read from the terminal or
 * from ADMIN_PASSWORD. Run again for a known e-mail, it makes that member an operator and leaves its
 * password alone.
 */
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stderr, stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { hash } from "bcryptjs";
import { newId } from "../packages/runtime/src/new-id.ts";

export interface AdminIds {
  readonly companyId: string;
  readonly memberId: string;
  readonly auditId: string;
  /** Ten letters or digits, not used by another company. */
  readonly referralCode: string;
}

export interface NewAdmin {
  readonly email: string;
  /** bcrypt. */
  readonly passwordHash: string;
  /** Name of the operator's company. */
  readonly name: string;
  readonly nowMs: number;
  readonly ids: AdminIds;
}

/**
 * SQL for the D1 `auth` that makes an operator; can be run again. A member that has the e-mail becomes
 * an operator and keeps its password and companies.
 */
export function adminSql({ email, passwordHash, name, nowMs, ids }: NewAdmin): string {
  const address = quote(email.trim().toLowerCase());
  const [company, member] = [quote(ids.companyId), quote(ids.memberId)];
  return `INSERT INTO companies (id, name, email, is_verified, referral_code, created_at_ms, updated_at_ms)
SELECT ${company}, ${quote(name)}, ${address}, 1, ${quote(ids.referralCode)}, ${nowMs}, ${nowMs}
WHERE NOT EXISTS (SELECT 1 FROM members WHERE email = ${address});
INSERT INTO members (id, email, password_hash, email_verified_at_ms, created_at_ms, updated_at_ms)
SELECT ${member}, ${address}, ${quote(passwordHash)}, ${nowMs}, ${nowMs}, ${nowMs}
WHERE NOT EXISTS (SELECT 1 FROM members WHERE email = ${address});
INSERT INTO memberships (company_id, member_id, role, created_at_ms, updated_at_ms)
SELECT ${company}, ${member}, 'owner', ${nowMs}, ${nowMs}
WHERE EXISTS (SELECT 1 FROM members WHERE id = ${member})
AND NOT EXISTS (SELECT 1 FROM memberships WHERE member_id = ${member});
UPDATE members SET is_platform_admin = 1, updated_at_ms = ${nowMs}
WHERE email = ${address} AND is_platform_admin = 0;
INSERT INTO audit_log (id, company_id, at_ms, actor_kind, request_id, action, target_id, after)
SELECT ${quote(ids.auditId)}, memberships.company_id, ${nowMs}, 'system', 'admin:create', 'operator.created', members.id, '{"email":' || json_quote(members.email) || '}'
FROM members JOIN memberships ON memberships.member_id = members.id
WHERE members.email = ${address} AND changes() > 0 LIMIT 1;
`;
}

function quote(text: string): string {
  if (text.includes("\0")) throw new Error("a value contains NUL");
  return `'${text.replaceAll("'", "''")}'`;
}

const PASSWORD_BYTES = { min: 12, max: 72 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      email: { type: "string" },
      name: { type: "string", default: "Platform" },
      remote: { type: "boolean", default: false },
    },
  });
  const { email, name, remote } = values;
  if (email === undefined || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw new Error("usage: pnpm admin:create --email you@example.com [--name 'Your company'] [--remote]");
  }
  const password = await readPassword();
  const ids = { companyId: newId(), memberId: newId(), auditId: newId(), referralCode: referralCode() };
  const sql = adminSql({ email, passwordHash: await hash(password, 10), name, nowMs: Date.now(), ids });
  execute(sql, remote);
  stdout.write(`${email} is an operator of the platform (${remote ? "remote" : "local"}).\n`);
}

async function readPassword(): Promise<string> {
  const password = process.env["ADMIN_PASSWORD"] ?? (await ask("Password: "));
  const bytes = Buffer.byteLength(password);
  if (bytes >= PASSWORD_BYTES.min && bytes <= PASSWORD_BYTES.max && !password.includes("\0")) return password;
  throw new Error(`the password must be ${PASSWORD_BYTES.min} to ${PASSWORD_BYTES.max} bytes`);
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: stdin, output: stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** Ten of the letters that `randomUUID` gives, 40 random bits. */
function referralCode(): string {
  return randomUUID().replaceAll("-", "").slice(-10);
}

/** Runs SQL in the D1 `auth`, from a file that only we may read, so that no hash shows in a process list. */
function execute(sql: string, remote: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), "admin-create-"));
  try {
    const file = join(folder, "admin.sql");
    writeFileSync(file, sql, { mode: 0o600 });
    const where = remote ? ["--remote"] : ["--local", "--persist-to", ".wrangler/state"];
    const config = join("workers", "auth", "wrangler.toml");
    const parameters = ["d1", "execute", "DB", "-c", config, ...where, "--yes", "--file", file];
    const done = spawnSync("wrangler", parameters, { stdio: ["ignore", "ignore", "inherit"] });
    if (done.status !== 0) throw new Error("wrangler could not write to the database; see above");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main();
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
