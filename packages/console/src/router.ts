import { useEffect, useState } from "preact/hooks";

const BASE = "/console";
const CHANGED = "console:navigated";

export interface Location {
  /** Below `/console`, without a slash at the end: `/keys`; the overview is `/`. */
  readonly path: string;
  readonly query: URLSearchParams;
}

function here(): Location {
  const path = window.location.pathname.slice(BASE.length).replace(/\/+$/, "");
  return { path: path === "" ? "/" : path, query: new URLSearchParams(window.location.search) };
}

/** The address of a page of the console. */
export function hrefOf(path: string): string {
  return path === "/" ? BASE : `${BASE}${path}`;
}

/** Goes to a page of the console; `replace` leaves no step behind. */
export function navigate(path: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, "", hrefOf(path));
  else window.history.pushState(null, "", hrefOf(path));
  window.dispatchEvent(new Event(CHANGED));
}

export function useLocation(): Location {
  const [location, setLocation] = useState(here);
  useEffect(() => {
    const update = (): void => setLocation(here());
    window.addEventListener("popstate", update);
    window.addEventListener(CHANGED, update);
    return () => {
      window.removeEventListener("popstate", update);
      window.removeEventListener(CHANGED, update);
    };
  }, []);
  return location;
}

/** The named parts of `path` when it has the pattern's shape (`/keys/:id`); null when not. */
export function match(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const parts: Record<string, string> = {};
  for (const [index, name] of wanted.entries()) {
    const value = given[index] ?? "";
    if (name.startsWith(":")) parts[name.slice(1)] = decoded(value);
    else if (name !== value) return null;
  }
  return parts;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
