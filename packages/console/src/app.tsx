import type { MeView } from "@aggregator/contracts/auth";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "./api/answer.ts";
import { ApiContext } from "./api/api-context.ts";
import { createClient } from "./api/client.ts";
import { Session } from "./api/session.ts";
import { type Channel, createSessionTabs, type TabMessage } from "./api/session-tabs.ts";
import { entranceOf } from "./entrances.tsx";
import { SignIn } from "./pages/sign-in.tsx";
import { navigate, useLocation } from "./router.ts";
import { Shell } from "./shell.tsx";
import { Failure, Loading } from "./ui/states.tsx";

type State =
  | { readonly at: "starting" }
  | { readonly at: "signed-out"; readonly why: string | null }
  | { readonly at: "signed-in"; readonly me: MeView }
  | { readonly at: "failed"; readonly error: ApiError };

let onSignedOut: (why: ApiError) => void = () => undefined;
const session = new Session(window.sessionStorage);
const client = createClient({
  fetch: window.fetch.bind(window),
  session,
  tabs: createSessionTabs({
    session,
    channel: channelOf(new BroadcastChannel("console.session")),
    lock: async (task) => ("locks" in navigator ? navigator.locks.request("console.session", task) : task()),
    waitMs: 60,
  }),
  onSignedOut: (why) => onSignedOut(why),
});

/** The console: who is not signed in is asked to, everybody else sees the page of the address. */
export function App(): JSX.Element {
  const [state, setState] = useState<State>({ at: "starting" });
  const { path } = useLocation();

  const enter = async (): Promise<void> => {
    const me = await client.call<MeView>("GET", "/v1/me");
    if (me.ok) setState({ at: "signed-in", me: me.value });
    else if (me.error.status !== 401) setState({ at: "failed", error: me.error });
  };
  const start = async (): Promise<void> => {
    if (session.refreshToken === null) return setState({ at: "signed-out", why: null });
    const refusal = await client.resume();
    if (refusal === null) return enter();
    if (session.refreshToken === null) setState({ at: "signed-out", why: whyOf(refusal) });
    else setState({ at: "failed", error: refusal });
  };
  useEffect(() => {
    // The first call that notices says why; what was on its way besides finds no session any more.
    onSignedOut = (why) => setState((now) => (now.at === "signed-out" ? now : { at: "signed-out", why: whyOf(why) }));
    void start();
  }, []);

  const leave = (why: string | null): void => {
    session.end();
    setState({ at: "signed-out", why });
    navigate("/", { replace: true });
  };
  const arrive = async (): Promise<void> => {
    await enter();
    navigate("/", { replace: true });
  };
  const entrance = entranceOf(path, { api: client, onSignedIn: () => void arrive(), onSignedOut: leave });
  if (entrance !== null) return entrance;
  if (state.at === "starting") return <Loading />;
  if (state.at === "signed-out") return <SignIn api={client} why={state.why} onSignedIn={() => void enter()} />;
  if (state.at === "failed") {
    return (
      <main class="alone">
        <Failure error={state.error} retry={() => void start()} />
      </main>
    );
  }
  const signOut = async (): Promise<void> => {
    await client.signOut();
    setState({ at: "signed-out", why: null });
  };
  return (
    <ApiContext.Provider value={{ api: client, me: state.me, onMeChanged: () => void enter(), onSignedOut: leave }}>
      <Shell key={state.me.company.id} onSignOut={() => void signOut()} />
    </ApiContext.Provider>
  );
}

/** What is said at the sign-in: a company that is suspended is no session that simply ended. */
function whyOf({ status, message }: ApiError): string {
  return status === 403 ? message : "Your session has ended. Sign in to go on.";
}

function channelOf(broadcast: BroadcastChannel): Channel {
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
    send: (message) => broadcast.postMessage(message),
    listen: (hear) => broadcast.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => hear(data)),
  };
}
