/** What one tab tells another that holds the same session. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

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
  /** The tokens that another tab got for this refresh token; null when none has traded it. */
  successorOf(refreshToken: string): Promise<Tokens | null>;
  /** Says what this tab traded the refresh token for. */
  traded(refreshToken: string, now: Tokens): void;
}

export interface SessionTabsOptions {
  readonly channel: Channel;
  readonly lock: <Value>(task: () => Promise<Value>) => Promise<Value>;
  readonly waitMs: number;
}

/**
 * A duplicated tab begins with a copy of the refresh token, and a refresh token is good once: whoever uses
 * it second ends the session for both. So one tab trades at a time, and asks first whether another has
 * traded the very token already; that one hands over what it got.
 */
export function createSessionTabs({ channel, lock, waitMs }: SessionTabsOptions): SessionTabs {
  const tradedHere = new Set<string>();
  let latest: Tokens | null = null;
  let asking: { readonly token: string; readonly answer: (now: Tokens) => void } | null = null;

  channel.listen((data) => {
    if ("ask" in data) {
      if (latest !== null && tradedHere.has(data.ask)) channel.send({ traded: data.ask, now: latest });
    } else if (asking?.token === data.traded) {
      asking.answer(data.now);
    }
  });

  return {
    alone: lock,
    successorOf: (token) =>
      new Promise((resolve) => {
        const finish = (now: Tokens | null): void => {
          clearTimeout(timer);
          asking = null;
          resolve(now);
        };
        const timer = setTimeout(() => finish(null), waitMs);
        asking = { token, answer: finish };
        channel.send({ ask: token });
      }),
    traded: (token, now) => {
      tradedHere.add(token);
      latest = now;
    },
  };
}
