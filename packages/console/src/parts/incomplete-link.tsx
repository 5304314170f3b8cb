import type { JSX } from "preact";
import { Link } from "../ui/link.tsx";
import { Alone } from "./alone.tsx";

/** For the page of a mail's link without the link's secret. */
export function IncompleteLink(): JSX.Element {
  return (
    <Alone title="This link is incomplete" lead="Open it from the mail again, or copy all of it into the address.">
      <p>
        <Link to="/">Go to the console</Link>
      </p>
    </Alone>
  );
}
