const DATA_URL = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)?(?:;[a-z0-9=.+-]+)*;base64,/i;

/** Where a part's bytes are: inside the request, or at an address that the provider fetches. */
export type MediaSource =
  | { readonly kind: "base64"; readonly mediaType: string; readonly data: string }
  | { readonly kind: "url"; readonly url: string };

/** An image or file address of a request: a base64 `data:` URL taken apart, anything else as an address. */
export function mediaSourceOf(url: string, defaultType: string): MediaSource {
  const match = DATA_URL.exec(url);
  if (match === null) return { kind: "url", url };
  return { kind: "base64", mediaType: match[1] ?? defaultType, data: url.slice(match[0].length) };
}
