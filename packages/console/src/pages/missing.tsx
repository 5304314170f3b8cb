import type { JSX } from "preact";
import { Link } from "../ui/link.tsx";
import { Page } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";

export function MissingPage(): JSX.Element {
  return (
    <Page title="No such page">
      <Empty title="There is nothing at this address.">
        The <Link to="/">overview</Link> has everything else.
      </Empty>
    </Page>
  );
}
