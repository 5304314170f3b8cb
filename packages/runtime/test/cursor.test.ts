import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../src/cursor.ts";

describe("cursor", () => {
  it.each([[1], ["01a2079d-7dd1"], [{ at: 5, id: "x/y+z" }], [["a", 2, null]]])(
    "round-trips %j in URL-safe characters",
    (value) => {
      const cursor = encodeCursor(value);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeCursor(cursor)).toEqual(value);
    },
  );

  it.each(["", "!!!", "bm90IGpzb24", "a".repeat(500)])("is undefined for %j, which is not one of ours", (cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  });
});
