import { v7 } from "uuid";

/** A UUIDv7: unique, sortable by creation time (RFC 9562). */
export function newId(): string {
  return v7();
}
