import { createServer } from "node:http";
import { z } from "zod";

/** What a provider is to say of a day, in USD; the pages of OpenAI's, the rows of OpenRouter's. */
const Script = z.strictObject({
  provider: z.enum(["openai", "anthropic", "openrouter"]),
  day: z.string(),
  usd: z.array(z.union([z.number(), z.string()])).default([]),
  /** Whether it says that there is more and does not say where. */
  breaksOff: z.boolean().default(false),
  /** Another status than 200. */
  status: z.number().default(200),
});
type Script = z.infer<typeof Script>;

const KEY = "report-key";
const DAY_SECONDS = 86_400;

/** Providers' reports of what they billed, in their own shapes, as a test has set them under `/double`. Answers its address. */
export async function listenForReports(): Promise<string> {
  const scripts = new Map<string, Script>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://double");
    const send = (status: number, body: object) => {
      response.writeHead(status, { "content-type": "application/json", location: "http://127.0.0.1:1/" });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === "/double") {
      let text = "";
      request.on("data", (chunk) => (text += String(chunk)));
      request.on("end", () => {
        const script = Script.parse(JSON.parse(text));
        scripts.set(`${script.provider}/${script.day}`, script);
        send(200, {});
      });
      return;
    }
    const report = REPORTS[url.pathname];
    if (report === undefined) return send(404, {});
    const { authorization = "", "x-api-key": key = authorization.replace("Bearer ", "") } = request.headers;
    if (key !== KEY) return send(401, {});
    const { status, body } = report(scripts, url.searchParams);
    send(status, body);
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the double has no port");
  return `http://127.0.0.1:${address.port}`;
}

type Scripts = ReadonlyMap<string, Script>;
type Report = (scripts: Scripts, query: URLSearchParams) => { status: number; body: object };

const REPORTS: Readonly<Record<string, Report>> = {
  "/openai/organization/costs": openAiReport,
  "/anthropic/v1/organizations/cost_report": anthropicReport,
  "/openrouter/activity": openRouterReport,
};

/** A page for each amount; the page's cursor is its number. */
function openAiReport(scripts: Scripts, query: URLSearchParams): { status: number; body: object } {
  const start = Number(query.get("start_time"));
  const isDay = query.get("bucket_width") === "1d" && Number(query.get("end_time")) - start === DAY_SECONDS;
  const { usd = [], status = 200, breaksOff = false } = scripts.get(`openai/${dayOf(start)}`) ?? {};
  if (!isDay || status !== 200) return { status: isDay ? status : 400, body: {} };
  const page = Number(query.get("page") ?? 0);
  const results = usd.slice(page, page + 1).map((value) => {
    return {
      object: "organization.costs.result",
      amount: { value, currency: "usd" },
      line_item: null,
      project_id: null,
    };
  });
  const bucket = { object: "bucket", start_time: start, end_time: start + DAY_SECONDS, results };
  const hasMore = page + 1 < usd.length;
  const next = hasMore && !breaksOff ? String(page + 1) : null;
  return { status, body: { object: "page", data: [bucket], has_more: hasMore, next_page: next } };
}

/** In cents, all on one page. */
function anthropicReport(scripts: Scripts, query: URLSearchParams): { status: number; body: object } {
  const start = query.get("starting_at") ?? "";
  const isDay = Date.parse(query.get("ending_at") ?? "") - Date.parse(start) === DAY_SECONDS * 1000;
  const { usd = [], status = 200 } = scripts.get(`anthropic/${start.slice(0, 10)}`) ?? {};
  const results = usd.map((amount) => ({ amount: String(Number(amount) * 100), currency: "USD", description: null }));
  const bucket = { starting_at: start, ending_at: query.get("ending_at"), results };
  return { status: isDay ? status : 400, body: { data: [bucket], has_more: false, next_page: null } };
}

/** A row for each amount, and one of another day, which a report that ignores `date` would have. */
function openRouterReport(scripts: Scripts, query: URLSearchParams): { status: number; body: object } {
  const day = query.get("date") ?? "";
  const { usd = [], status = 200 } = scripts.get(`openrouter/${day}`) ?? {};
  const row = (date: string, usage: unknown) => {
    return { date, usage, model: "m", provider_name: "P", byok_usage_inference: 99, requests: 1 };
  };
  return { status, body: { data: [...usd.map((usage) => row(`${day} 00:00:00`, usage)), row("2020-01-01", 7)] } };
}

function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
