import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useSignedIn } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { navigate } from "../router.ts";
import { Failure } from "../ui/states.tsx";

/** The other companies of somebody who is in several. */
export function SwitchCompany(): JSX.Element | null {
  const { api, me, onMeChanged } = useSignedIn();
  const [chosen, setChosen] = useState<string | null>(null);
  const action = useAction(
    (id: string) => api.switchCompany(id),
    () => {
      // What is open may be the other company's alone.
      navigate("/");
      onMeChanged();
    },
  );
  const others = me.companies.filter(({ id }) => id !== me.company.id);
  if (others.length === 0) return null;
  const choose = (id: string): void => {
    setChosen(id);
    action.run(id);
  };
  return (
    <details class="switch">
      <summary>Switch company</summary>
      <ul>
        {others.map(({ id, name, role, is_active: isActive }) => (
          <li key={id}>
            <button type="button" class="plain" disabled={!isActive || action.isRunning} onClick={() => choose(id)}>
              <bdi>{name}</bdi> <span class="small faint">{isActive ? role : "closed or suspended"}</span>
            </button>
            {chosen === id && action.error !== null ? <Failure error={action.error} /> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}
