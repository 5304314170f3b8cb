export const SNIPPET_LANGUAGES = [
  ["curl", "curl"],
  ["typescript", "TypeScript"],
  ["python", "Python"],
] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number][0];

/** A first request to the platform at `origin`, to be pasted as it is. */
export function snippetOf(language: SnippetLanguage, origin: string, model: string): string {
  return SNIPPETS[language](`${origin}/v1`, model);
}

const SNIPPETS: Readonly<Record<SnippetLanguage, (baseUrl: string, model: string) => string>> = {
  curl: (baseUrl, model) => `curl ${baseUrl}/chat/completions \\
  -H "authorization: Bearer $AGGREGATOR_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{
    "model": "${model}",
    "messages": [{ "role": "user", "content": "Hello!" }]
  }'`,
  typescript: (baseUrl, model) => `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${baseUrl}",
  apiKey: process.env.AGGREGATOR_API_KEY,
});

const completion = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(completion.choices[0]?.message.content);`,
  python: (baseUrl, model) => `import os
from openai import OpenAI

client = OpenAI(
    base_url="${baseUrl}",
    api_key=os.environ["AGGREGATOR_API_KEY"],
)

completion = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(completion.choices[0].message.content)`,
};
