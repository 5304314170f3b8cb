import type { ComponentChildren, JSX, TargetedMouseEvent } from "preact";
import { hrefOf, navigate } from "../router.ts";

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
}

/** A link within the console; opens in another tab as any link does. */
export function Link({ to, children, class: name, current = false }: LinkProps): JSX.Element {
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a href={hrefOf(to)} onClick={follow} class={name} aria-current={current ? "page" : undefined}>
      {children}
    </a>
  );
}
