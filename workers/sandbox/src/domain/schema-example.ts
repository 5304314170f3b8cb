type Schema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 12;
const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2026-01-01T00:00:00Z",
  date: "2026-01-01",
  time: "00:00:00Z",
  email: "sandbox@example.com",
  uuid: "00000000-0000-4000-8000-000000000000",
  uri: "https://example.com/",
};

/**
 * The simplest value that satisfies a JSON Schema of the kind that tools and structured outputs use:
 * const, enum, the basic types with their bounds, properties, items, anyOf/oneOf/allOf and local $ref.
 */
export function exampleOf(schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (!isSchema(schema)) return {};
  if (depth > MAX_DEPTH) return null;
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  if (typeof schema["$ref"] === "string") return exampleOf(resolveRef(schema["$ref"], root), root, depth + 1);
  const branch = firstOf(schema["anyOf"]) ?? firstOf(schema["oneOf"]);
  if (branch !== undefined) return exampleOf(branch, root, depth + 1);
  if (Array.isArray(schema["allOf"])) {
    return Object.assign({}, ...schema["allOf"].map((part) => exampleOf(part, root, depth + 1)));
  }
  const type = firstOf(schema["type"]) ?? schema["type"] ?? "object";
  switch (type) {
    case "string":
      return exampleText(schema);
    case "integer":
    case "number":
      return exampleNumber(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return Array.from({ length: numberOr(schema["minItems"], 0) }, () =>
        exampleOf(schema["items"] ?? { type: "string" }, root, depth + 1),
      );
    default:
      return exampleObject(schema, root, depth);
  }
}

/** Near the root every property, further down only the required ones, so that recursion ends. */
function exampleObject(schema: Schema, root: unknown, depth: number): unknown {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"] : []);
  const entries = Object.entries(properties).filter(([name]) => depth < 3 || required.has(name));
  return Object.fromEntries(entries.map(([name, property]) => [name, exampleOf(property, root, depth + 1)]));
}

function exampleText(schema: Schema): string {
  const known = typeof schema["format"] === "string" ? FORMATS[schema["format"]] : undefined;
  const text = (known ?? "text").padEnd(numberOr(schema["minLength"], 0), "x");
  return text.slice(0, numberOr(schema["maxLength"], text.length));
}

function exampleNumber(schema: Schema): number {
  const above = schema["exclusiveMinimum"];
  if (typeof above === "number") return Math.floor(above) + 1;
  const least = numberOr(schema["minimum"], Math.min(1, numberOr(schema["maximum"], 1)));
  return schema["type"] === "integer" ? Math.ceil(least) : least;
}

function resolveRef(ref: string, root: unknown): unknown {
  const steps = ref.replace(/^#\/?/, "").split("/").filter(Boolean);
  return steps.reduce<unknown>((value, step) => (isSchema(value) ? value[step] : undefined), root);
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
