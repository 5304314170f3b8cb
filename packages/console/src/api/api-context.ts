import type { MeView } from "@aggregator/contracts/auth";
import type { Permission } from "@aggregator/contracts/permissions";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ApiClient } from "./client.ts";

export interface SignedIn {
  readonly api: ApiClient;
  readonly me: MeView;
  /** Who somebody is has changed: its company, or the company's name. */
  readonly onMeChanged: () => void;
  /** The session is over; `why` is said at the sign-in. */
  readonly onSignedOut: (why: string) => void;
}

export const ApiContext = createContext<SignedIn | null>(null);

/** The signed-in person. Throws outside of the signed-in part of the page, which is a defect. */
export function useSignedIn(): SignedIn {
  const signedIn = useContext(ApiContext);
  if (signedIn === null) throw new Error("nobody is signed in");
  return signedIn;
}

/** The signed-in client. */
export function useApi(): ApiClient {
  return useSignedIn().api;
}

export function useMe(): MeView {
  return useSignedIn().me;
}

/** Whether the person may; the API decides, this only hides what it would refuse. */
export function useMay(permission: Permission): boolean {
  return useSignedIn().me.permissions.includes(permission);
}
