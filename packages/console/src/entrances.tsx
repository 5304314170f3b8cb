import type { JSX } from "preact";
import type { ApiClient } from "./api/client.ts";
import { ForgotPassword } from "./pages/forgot-password.tsx";
import { InvitationPage } from "./pages/invitation.tsx";
import { OidcReturn } from "./pages/oidc-return.tsx";
import { ResetPassword } from "./pages/reset-password.tsx";
import { VerifyEmail } from "./pages/verify-email.tsx";

export interface EntranceProps {
  readonly api: ApiClient;
  /** A session has begun. */
  readonly onSignedIn: () => void;
  /** Nobody is signed in any more; `why` is said at the sign-in. */
  readonly onSignedOut: (why: string) => void;
}

const ENTRANCES: Readonly<Record<string, (props: EntranceProps) => JSX.Element>> = {
  "/forgot-password": ForgotPassword,
  "/reset-password": ResetPassword,
  "/verify-email": VerifyEmail,
  "/invitation": InvitationPage,
  "/oidc": OidcReturn,
};

/** The page of a mail's link or of a way to sign in, which is there for everybody; null for any other path. */
export function entranceOf(path: string, props: EntranceProps): JSX.Element | null {
  const Entrance = ENTRANCES[path];
  return Entrance === undefined ? null : <Entrance {...props} />;
}
