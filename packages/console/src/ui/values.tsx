import type { ComponentChildren, JSX } from "preact";
import { usdParts } from "../format/money.ts";
import { formatAgo, formatTime } from "../format/time.ts";

/** Exact money; what is below a cent stands back, unless there is nothing above it. */
export function Money({ nano }: { readonly nano: number | null }): JSX.Element {
  if (nano === null) return <span class="faint">–</span>;
  const { cents, rest } = usdParts(nano);
  const isFine = /[1-9]/.test(cents);
  return (
    <span class="money">
      {cents}
      {rest === "" ? null : <span class={isFine ? "fine" : undefined}>{rest}</span>}
    </span>
  );
}

/** How long ago; the time itself when asked. */
export function Ago({ iso }: { readonly iso: string | null }): JSX.Element {
  if (iso === null) return <span class="faint">never</span>;
  return (
    <time dateTime={iso} title={formatTime(iso)}>
      {formatAgo(iso, Date.now())}
    </time>
  );
}

import type { Tone } from "../format/request.ts";

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }): JSX.Element {
  return <span class={`badge ${tone}`}>{children}</span>;
}

interface FigureProps {
  readonly label: string;
  readonly children: ComponentChildren;
  readonly note?: ComponentChildren;
}

/** One number that matters, within a `<dl class="figures">`. */
export function Figure({ label, children, note }: FigureProps): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {children}
        {note === undefined ? null : <small>{note}</small>}
      </dd>
    </div>
  );
}

/** Names and values, one below the other. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ComponentChildren])[] }): JSX.Element {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
