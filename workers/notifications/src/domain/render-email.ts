import { html } from "hono/html";
import type { Letter } from "./describe-notice.ts";

export interface RenderedEmail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A letter as subject, plain text and HTML. Names and reasons come from people: the HTML escapes them, the subject is one line. */
export async function renderEmail(letter: Letter): Promise<RenderedEmail> {
  const page = await htmlOf(letter);
  return { subject: oneLine(letter.subject), text: textOf(letter), html: page.toString() };
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, " ").slice(0, 200);
}

function textOf({ paragraphs, action }: Letter): string {
  const link = action === null ? [] : [`${action.label}:\n${action.url}`];
  return `${[...paragraphs, ...link].join("\n\n")}\n`;
}

const BODY = "margin:0;padding:24px;background:#f6f7f9;font:16px/1.5 system-ui,sans-serif;color:#1b1f24";
const CARD = "max-width:560px;margin:0 auto;padding:32px;background:#fff;border-radius:8px";
const BUTTON = "display:inline-block;padding:10px 18px;border-radius:6px;background:#1f5fd0;color:#fff";

function htmlOf({ subject, paragraphs, action }: Letter) {
  const button = action === null ? "" : html`<p><a href="${action.url}" style="${BUTTON}">${action.label}</a></p>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${subject}</title>
      </head>
      <body style="${BODY}">
        <main style="${CARD}">
          <h1 style="font-size:20px">${subject}</h1>
          ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)} ${button}
        </main>
      </body>
    </html>`;
}
