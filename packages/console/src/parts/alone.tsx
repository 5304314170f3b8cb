import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Mark } from "../shell.tsx";

interface AloneProps {
  readonly title: string;
  readonly lead?: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** A page before somebody is signed in. */
export function Alone({ title, lead, children }: AloneProps): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Console`;
  }, [title]);
  return (
    <main class="alone">
      <div class="sign-in">
        <Mark />
        <h1>{title}</h1>
        {lead === undefined ? null : <p class="faint">{lead}</p>}
        {children}
      </div>
    </main>
  );
}
