import { err, ok, type Result } from "@aggregator/contracts/result";

/** Where the value of a top-level member stands in the text, and where the member with its key does. */
export interface MemberSpan {
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

export interface ParsedJson {
  readonly value: unknown;
  /** Members of a top-level object in their order; empty for anything else. */
  readonly members: ReadonlyMap<string, MemberSpan>;
}

const MAX_DEPTH = 128;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** A number without exponent overflows only when its digits alone reach 1e308. */
const LONGEST_SAFE_NUMBER = 308;

/**
 * `JSON.parse` for what a stranger sent, stricter where JavaScript is lenient: refuses nesting beyond
 * 128, a key that appears twice in one object, `__proto__`, and numbers that would become Infinity.
 * Fails with `invalid_json`. One pass that jumps over strings before the native parse, so a body that
 * is mostly one long string costs little more than the parse. Also tells where the top-level members
 * stand, so that a body can be forwarded with its other bytes untouched (`spliceMembers`).
 */
export function parseJson(text: string): Result<ParsedJson> {
  const scanner = new Scanner(text);
  const problem = scanner.scan();
  if (problem !== null) return err("invalid_json", problem);
  try {
    return ok({ value: JSON.parse(text) as unknown, members: scanner.members });
  } catch {
    return err("invalid_json", "The body is not valid JSON.");
  }
}

/** Top-level members of a JSON text that is known to parse; for answers of providers. */
export function locateMembers(text: string): ReadonlyMap<string, MemberSpan> {
  const scanner = new Scanner(text);
  scanner.scan();
  return scanner.members;
}

/**
 * The text with top-level members replaced (raw JSON), removed (null) or added; all other bytes stay.
 * `members` must come from the same text.
 */
export function spliceMembers(
  text: string,
  members: ReadonlyMap<string, MemberSpan>,
  changes: ReadonlyMap<string, string | null>,
): string {
  const kept: string[] = [];
  for (const [key, span] of members) {
    const change = changes.get(key);
    if (change === null) continue;
    kept.push(
      change === undefined
        ? text.slice(span.keyStart, span.valueEnd)
        : text.slice(span.keyStart, span.valueStart) + change,
    );
  }
  for (const [key, change] of changes) {
    if (change !== null && !members.has(key)) kept.push(`${JSON.stringify(key)}:${change}`);
  }
  return `{${kept.join(",")}}`;
}

/** Follows the structure only; the grammar is left to the native parser, which runs after it. */
class Scanner {
  readonly members = new Map<string, MemberSpan>();
  readonly #text: string;
  /** One entry per open object or array; null for an array. */
  readonly #keys: (Set<string> | null)[] = [];
  #expectKey = false;
  #topKey: string | null = null;
  #topKeyStart = 0;
  #topValueStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** What is wrong with the text, or null. */
  scan(): string | null {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        const end = closingQuote(text, at);
        if (end < 0) return "The body is not valid JSON: a string is not closed.";
        if (this.#expectKey) {
          const problem = this.#takeKey(at, end);
          if (problem !== null) return problem;
        }
        at = end + 1;
      } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
        const end = endOfNumber(text, at);
        if (overflows(text, at, end)) return "The body has a number that is out of range.";
        at = end;
      } else {
        const problem = this.#takeStructure(code, at);
        if (problem !== null) return problem;
        at += 1;
      }
    }
    return null;
  }

  #takeStructure(code: number, at: number): string | null {
    const keys = this.#keys;
    switch (code) {
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (keys.length === MAX_DEPTH) return `The body is nested deeper than ${MAX_DEPTH} levels.`;
        keys.push(code === OPEN_BRACE ? new Set() : null);
        this.#expectKey = code === OPEN_BRACE;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (keys.length === 1) this.#closeMember(at);
        keys.pop();
        this.#expectKey = false;
        break;
      case COMMA:
        if (keys.length === 1) this.#closeMember(at);
        this.#expectKey = keys.length > 0 && keys[keys.length - 1] !== null;
        break;
      case COLON:
        if (keys.length === 1) this.#topValueStart = at + 1;
        break;
      default:
    }
    return null;
  }

  #takeKey(start: number, end: number): string | null {
    const raw = this.#text.slice(start + 1, end);
    const key = raw.includes("\\") ? unescapeKey(this.#text.slice(start, end + 1)) : raw;
    const seen = this.#keys[this.#keys.length - 1];
    this.#expectKey = false;
    if (key === "__proto__") return "The body has a key that is not allowed: __proto__.";
    if (seen === null || seen === undefined) return null;
    if (seen.has(key)) return `The body has the key ${JSON.stringify(key.slice(0, 64))} twice in one object.`;
    seen.add(key);
    if (this.#keys.length === 1) {
      this.#topKey = key;
      this.#topKeyStart = start;
    }
    return null;
  }

  #closeMember(at: number): void {
    if (this.#topKey === null) return;
    this.members.set(this.#topKey, {
      keyStart: this.#topKeyStart,
      valueStart: this.#topValueStart,
      valueEnd: at,
    });
    this.#topKey = null;
  }
}

/** Index of the quote that ends the string opened at `open`; -1 when there is none. */
function closingQuote(text: string, open: number): number {
  let end = text.indexOf('"', open + 1);
  while (end > 0) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && isNumberPart(text.charCodeAt(end))) end += 1;
  return end;
}

function isNumberPart(code: number): boolean {
  // Digits, `.`, `+`, `-`, `e`, `E`.
  return (code >= ZERO && code <= NINE) || code === 0x2e || code === 0x2b || code === MINUS || (code | 0x20) === 0x65;
}

function overflows(text: string, start: number, end: number): boolean {
  if (end - start <= LONGEST_SAFE_NUMBER && !hasExponent(text, start, end)) return false;
  const value = Number(text.slice(start, end));
  return value === Infinity || value === -Infinity;
}

function hasExponent(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if ((text.charCodeAt(at) | 0x20) === 0x65) return true;
  return false;
}

/** A key with escapes as JavaScript sees it; the raw text when it is no valid string (the parse refuses it then). */
function unescapeKey(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
