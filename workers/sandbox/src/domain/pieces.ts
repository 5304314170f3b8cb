/** One token of an answer: what a stream sends in one chunk. */
export interface Piece {
  readonly kind: "reasoning" | "content" | "tool_name" | "tool_arguments";
  readonly text: string;
}

const WORDS = ["lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit"] as const;
const JSON_PIECE_CHARACTERS = 4;

/** The first `count` words of an endless text, always the same. */
export function words(count: number): string {
  return Array.from({ length: count }, (_, index) => WORDS[index % WORDS.length]).join(" ");
}

/** A text in words, each with the space before it; nothing is lost: joined they are the text. */
export function splitWords(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

/** JSON in pieces of four characters, never inside of one. */
export function splitJson(json: string): readonly string[] {
  const characters = Array.from(json);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += JSON_PIECE_CHARACTERS) {
    pieces.push(characters.slice(at, at + JSON_PIECE_CHARACTERS).join(""));
  }
  return pieces;
}

/** Joined text of the pieces of one kind. */
export function joinPieces(pieces: readonly Piece[], kind: Piece["kind"]): string {
  return pieces.map((piece) => (piece.kind === kind ? piece.text : "")).join("");
}
