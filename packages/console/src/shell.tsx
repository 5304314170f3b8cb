import type { JSX } from "preact";
import { useMe } from "./api/api-context.ts";
import { SwitchCompany } from "./parts/switch-company.tsx";
import { navigate, useLocation } from "./router.ts";
import { NAVIGATION, type NavigationEntry, OPERATOR_NAVIGATION, pageOf } from "./routes.tsx";
import { Link } from "./ui/link.tsx";

/** What stands around every page. */
export function Shell({ onSignOut }: { readonly onSignOut: () => void }): JSX.Element {
  const me = useMe();
  const { path } = useLocation();
  const leave = (): void => {
    onSignOut();
    navigate("/");
  };
  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to content
      </a>
      <aside>
        <Link to="/" class="brand">
          <Mark />
          <span dir="auto" class="ellipsis">
            {me.company.name}
          </span>
        </Link>
        <SwitchCompany />
        <nav aria-label="Console">
          <Entries of={NAVIGATION} path={path} />
          {me.platform_admin ? <p class="small faint">Operators</p> : null}
          {me.platform_admin ? <Entries of={OPERATOR_NAVIGATION} path={path} /> : null}
          <a href="/docs">API reference</a>
        </nav>
        <footer>
          <span class="small faint ellipsis" dir="auto">
            {me.member?.email ?? me.company.email}
          </span>
          <button type="button" class="small" onClick={leave}>
            Sign out
          </button>
        </footer>
      </aside>
      <main id="content">{pageOf(path)}</main>
    </div>
  );
}

interface EntriesProps {
  readonly of: readonly NavigationEntry[];
  readonly path: string;
}

function Entries({ of: entries, path }: EntriesProps): JSX.Element {
  const { permissions } = useMe();
  const isAllowed = ({ needs }: NavigationEntry): boolean => needs === undefined || permissions.includes(needs);
  return (
    <>
      {entries.filter(isAllowed).map(({ to, label }) => (
        <Link key={to} to={to} current={to === "/" ? path === "/" : path === to || path.startsWith(`${to}/`)}>
          {label}
        </Link>
      ))}
    </>
  );
}

export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" />
      <path d="M7 9c7 0 6 7 11 7M7 16h11M7 23c7 0 6-7 11-7" />
      <circle cx="22.5" cy="16" r="3.5" />
    </svg>
  );
}
