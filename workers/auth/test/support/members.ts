import type { SessionView } from "@aggregator/contracts/auth";
import type { Actor } from "@aggregator/contracts/actor";
import { auth, context, newEmail, PASSWORD, principal, valueOf } from "./auth.ts";
import { notice, tokenOf } from "./notices.ts";

export interface Joined {
  readonly id: string;
  readonly email: string;
  readonly session: SessionView;
  readonly actor: Actor;
}

type Offer = { readonly role: string } | { readonly role_id: string };

/** The secret of an invitation that is made for it. */
export async function invite(by: Actor, offer: Offer, email: string = newEmail()) {
  const invitation = valueOf(await auth.createInvitation(context(), by, { email, ...offer }));
  const mail = await notice("invitation", ({ id }) => id === `invitation/${invitation.id}`);
  return { invitation, email, token: tokenOf(mail), mail };
}

/** Somebody joins a company by an invitation; with the e-mail of a member, that member. */
export async function join(by: Actor, offer: Offer, email?: string): Promise<Joined> {
  const invited = await invite(by, offer, email);
  const input = { token: invited.token, password: PASSWORD };
  const session = valueOf(await auth.acceptInvitation(context(), input));
  const { actor } = await principal(session.access_token);
  return { id: actor.memberId ?? "", email: invited.email, session, actor };
}
