import type { Session, Tokens } from "./session.ts";

/** What one tab says to the others: which tokens a refresh token was traded for, or that it wants to know. */
export type TabMessage = { readonly ask: string } | { readonly traded: string; readonly now: Tokens };

/** To the other tabs and from them. */
export interface Channel {
  send(message: TabMessage): void;
  listen(hear: (message: TabMessage) => void): void;
}

/** Between the tabs of one browser. */
export interface SessionTabs {
  /** Runs while no other tab trades a refresh token. */
  alone<Value>(task: () => Promise<Value>): Promise<Value>;
  /** Whether another tab has traded this refresh token; the session then goes on with what it got. */
  wasTraded(refreshToken: string): Promise<boolean>;
  /** This tab trades the session's refresh token for these: the session goes on, here and in the other tabs. */
  trade(now: Tokens): void;
}

export interface SessionTabsOptions {
  readonly session: Session;
  readonly channel: Channel;
  readonly lock: <Value>(task: () => Promise<Value>) => Promise<Value>;
  readonly waitMs: number;
}

/**
 * A duplicated tab begins with a copy of the refresh token, and a refresh token is good once: whoever uses
 * it second ends the session for both. So one tab trades at a time and tells the others what it got. A tab
 * that did not hear it, because it was loading, asks before it trades; whoever had the token before answers.
 */
export function createSessionTabs({ session, channel, lock, waitMs }: SessionTabsOptions): SessionTabs {
  let onTraded = (): void => undefined;

  channel.listen((message) => {
    if ("traded" in message) {
      if (session.refreshToken !== message.traded) return;
      session.goOn(message.now);
      onTraded();
      return;
    }
    const refreshToken = session.refreshToken;
    if (refreshToken === null || !session.hasSpent(message.ask)) return;
    // After a reload there is no access token yet: the other tab is refused with this one and renews.
    const now = { access_token: session.accessToken ?? "", refresh_token: refreshToken };
    channel.send({ traded: message.ask, now });
  });

  return {
    alone: lock,
    wasTraded: (refreshToken) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer);
          onTraded = () => undefined;
          resolve(session.refreshToken !== refreshToken);
        };
        const timer = setTimeout(finish, waitMs);
        onTraded = finish;
        channel.send({ ask: refreshToken });
      }),
    trade: (now) => {
      const before = session.refreshToken;
      session.goOn(now);
      if (before !== null) channel.send({ traded: before, now });
    },
  };
}
