import { readdirSync, readFileSync } from "node:fs";
import { platform } from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { textChunk } from "../support/wire.ts";
import { type Company, Rig } from "./rig.ts";

const rig = new Rig();
beforeAll(() => rig.start(), 60_000);
afterAll(() => rig.stop());

const CHUNKS = 100_000;
/** So many in one write of the provider: the test is of us, not of sockets. */
const PER_WRITE = 20;
/** Long enough that a stream which is kept anywhere on its way shows: all chunks together have 100 MB. */
const TEXT = "x".repeat(850);
const SAMPLE_EVERY_BYTES = 5_000_000;
/** Garbage comes and goes; a stream that is kept grows by two thirds of its size from the first third to the last. */
const MAX_GROWTH_BYTES = 30_000_000;

// Where there is no /proc, nobody can tell.
it.skipIf(platform !== "linux")(
  "a stream of 100,000 chunks holds memory flat",
  async () => {
    const company = await rig.company(["openai-compatible"], { maxOutputTokens: 100_000_000 });
    await samplesOfStream(company, CHUNKS / 2);
    const { bytes, samples } = await samplesOfStream(company, CHUNKS);
    expect(bytes).toBeGreaterThan(100_000_000);
    const third = Math.floor(samples.length / 3);
    const growth = mean(samples.slice(-third)) - mean(samples.slice(0, third));
    expect(growth, `${samples.map((sample) => Math.round(sample / 1e6)).join(" ")} MB`).toBeLessThan(MAX_GROWTH_BYTES);
  },
  90_000,
);

/** Reads a stream of so many chunks, and meanwhile how much memory the runtime has. */
async function samplesOfStream(company: Company, chunks: number): Promise<{ bytes: number; samples: number[] }> {
  await company.provider("a", {
    headers: { "content-type": "text/event-stream" },
    chunks: [textChunk(TEXT).repeat(PER_WRITE)],
    repeat: chunks / PER_WRITE,
  });
  const messages = [{ role: "user", content: "Hi" }];
  const response = await company.post("/v1/chat/completions", { model: "model", stream: true, messages });
  const samples: number[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes >= (samples.length + 1) * SAMPLE_EVERY_BYTES) samples.push(residentBytes());
  }
  return { bytes, samples };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Memory of the runtime's processes that this one started. */
function residentBytes(): number {
  const rows = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const ours = new Set([String(process.pid)]);
  for (let size = 0; size !== ours.size;) {
    size = ours.size;
    for (const { pid, parent } of rows) if (ours.has(parent)) ours.add(pid);
  }
  const runtimes = rows.filter(({ pid, name }) => ours.has(pid) && name.includes("workerd"));
  expect(runtimes.length).toBeGreaterThan(0);
  return runtimes.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Nothing when the process has just ended. https://www.kernel.org/doc/html/latest/filesystems/proc.html */
function readProcess(pid: string): { pid: string; parent: string; name: string; bytes: number }[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(status)?.[1] ?? "";
    return [{ pid, parent: field("PPid"), name: field("Name"), bytes: Number(field("VmRSS")) * 1_024 }];
  } catch {
    return [];
  }
}
