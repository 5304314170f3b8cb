import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ApiClient } from "./client.ts";

export const ApiContext = createContext<ApiClient | null>(null);

/** The signed-in client. Throws outside of the signed-in part of the page, which is a defect. */
export function useApi(): ApiClient {
  const api = useContext(ApiContext);
  if (api === null) throw new Error("nobody is signed in");
  return api;
}
