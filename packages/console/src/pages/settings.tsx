import type { JSX } from "preact";
import { useMe } from "../api/api-context.ts";
import { ChangePassword } from "../parts/change-password.tsx";
import { OwnSessions } from "../parts/own-sessions.tsx";
import { SecondFactor } from "../parts/second-factor.tsx";
import { UnverifiedAddress } from "../parts/unverified-address.tsx";
import { Page, Section } from "../ui/page.tsx";
import { Facts } from "../ui/values.tsx";

/** A person's own account. */
export function SettingsPage(): JSX.Element {
  const { member, company } = useMe();
  return (
    <Page title="Settings" lead="Your own account, in all your companies.">
      <Section title="You">
        <Facts
          of={[
            ["E-mail", <bdi>{member?.email ?? company.email}</bdi>],
            ["Company", <bdi>{company.name}</bdi>],
            ["Role", <bdi>{member?.role ?? company.role}</bdi>],
          ]}
        />
        {/* Who joined by an invitation has proved its address by that; a company begins with its founder's. */}
        {member?.email === company.email && !company.is_verified ? <UnverifiedAddress /> : null}
      </Section>
      <div class="pair">
        <ChangePassword />
        <SecondFactor />
      </div>
      <OwnSessions />
    </Page>
  );
}
