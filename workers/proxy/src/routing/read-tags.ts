import { MAX_REQUEST_TAGS, REQUEST_TAG } from "@aggregator/contracts/routing";
import { err, ok, type Result } from "@aggregator/contracts/result";

/** The tags of the header `x-aggregator-tags: a,b`, each once, in their order; none without it. `invalid_request`. */
export function readTags(headers: Headers): Result<readonly string[]> {
  const header = headers.get("x-aggregator-tags");
  if (header === null) return ok([]);
  // Bounded before it is read: each tag is split off at most once more than there may be.
  const tags = header.split(",", MAX_REQUEST_TAGS + 1).map((tag) => tag.trim());
  if (tags.length > MAX_REQUEST_TAGS || !tags.every((tag) => REQUEST_TAG.test(tag))) {
    return err("invalid_request", HEADER_FORM, { param: "x-aggregator-tags" });
  }
  return ok([...new Set(tags)]);
}

const HEADER_FORM = `x-aggregator-tags: must be 1 to ${MAX_REQUEST_TAGS} tags with commas between, each of 1 to 64 letters, digits and . _ : / -.`;
