import type { OfferedSecondFactorView, RecoveryCodesView, SecondFactorView } from "@aggregator/contracts/identity";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApi } from "../api/api-context.ts";
import { useAction } from "../api/use-action.ts";
import { useQuery } from "../api/use-query.ts";
import { formatDay } from "../format/time.ts";
import { CopyButton, Secret } from "../ui/copy.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form, textOf } from "../ui/form.tsx";
import { Section } from "../ui/page.tsx";
import { QrCode } from "../ui/qr-code.tsx";
import { Queried } from "../ui/states.tsx";

type Step = "enrol" | "codes" | "disable" | null;

/** The code that is asked for beside the password. */
export function SecondFactor(): JSX.Element {
  const factor = useQuery<SecondFactorView>("/v1/auth/mfa");
  const [step, setStep] = useState<Step>(null);
  const close = (): void => {
    setStep(null);
    factor.reload();
  };
  return (
    <Section title="Second factor">
      <Queried of={factor}>
        {({ is_enabled: isEnabled, enabled_at: enabledAt, recovery_codes_left: left }) =>
          isEnabled ? (
            <>
              <p>
                On since {formatDay(enabledAt)}. Recovery codes left: {left}.
              </p>
              <div class="actions">
                <button type="button" onClick={() => setStep("codes")}>
                  New recovery codes
                </button>
                <button type="button" class="danger" onClick={() => setStep("disable")}>
                  Turn off
                </button>
              </div>
            </>
          ) : (
            <>
              <p class="faint">Off. With it a password that somebody else knows is not enough to sign in as you.</p>
              <div class="actions">
                <button type="button" class="primary" onClick={() => setStep("enrol")}>
                  Turn on
                </button>
              </div>
            </>
          )
        }
      </Queried>
      {step === "enrol" ? <Enrol onClose={close} /> : null}
      {step === "codes" ? <RenewCodes onClose={close} /> : null}
      {step === "disable" ? <Disable onClose={close} /> : null}
    </Section>
  );
}

interface StepProps {
  readonly onClose: () => void;
}

function Enrol({ onClose }: StepProps): JSX.Element {
  const api = useApi();
  const [offered, setOffered] = useState<OfferedSecondFactorView | null>(null);
  const [codes, setCodes] = useState<RecoveryCodesView | null>(null);
  const offer = useAction((form: FormData) => {
    const password = form.get("password");
    return api.call<OfferedSecondFactorView>("POST", "/v1/auth/mfa/enrol", password === "" ? {} : { password });
  }, setOffered);
  const confirm = useAction(
    (form: FormData) => api.call<RecoveryCodesView>("POST", "/v1/auth/mfa/confirm", { code: textOf(form, "code") }),
    setCodes,
  );
  if (codes !== null) return <Codes of={codes} onClose={onClose} />;
  return (
    <Dialog title="Turn on the second factor" onClose={onClose} sticky>
      {offered === null ? (
        <Form action={offer} submit="Go on">
          <Field
            label="Your password"
            name="password"
            type="password"
            autocomplete="current-password"
            hint="Empty if you only ever sign in with your company."
          />
        </Form>
      ) : (
        <Form action={confirm} submit="Turn on">
          <p>
            Scan this with your authenticator, <a href={offered.otpauth_url}>open it there</a>, or type the key into it.
            Then type the code that it shows.
          </p>
          <QrCode text={offered.otpauth_url} label="QR code of the key below" />
          <Secret value={offered.secret} warning="It is not shown again." />
          <details>
            <summary>As a link</summary>
            <div class="code">
              <code>{offered.otpauth_url}</code>
              <CopyButton text={offered.otpauth_url} />
            </div>
          </details>
          <Field label="Code" name="code" required autocomplete="one-time-code" inputMode="numeric" />
        </Form>
      )}
    </Dialog>
  );
}

function RenewCodes({ onClose }: StepProps): JSX.Element {
  const api = useApi();
  const [codes, setCodes] = useState<RecoveryCodesView | null>(null);
  const action = useAction(
    (form: FormData) =>
      api.call<RecoveryCodesView>("POST", "/v1/auth/mfa/recovery-codes", { code: textOf(form, "code") }),
    setCodes,
  );
  if (codes !== null) return <Codes of={codes} onClose={onClose} />;
  return (
    <Dialog title="Make new recovery codes" onClose={onClose}>
      <Form action={action} submit="Make new codes">
        <p>The codes that you have are then good no more.</p>
        <CodeField />
      </Form>
    </Dialog>
  );
}

function Disable({ onClose }: StepProps): JSX.Element {
  const api = useApi();
  const action = useAction(
    (form: FormData) => api.call("POST", "/v1/auth/mfa/disable", { code: textOf(form, "code") }),
    onClose,
  );
  return (
    <Dialog title="Turn off the second factor?" onClose={onClose}>
      <Form action={action} submit="Turn off" danger>
        <CodeField />
      </Form>
    </Dialog>
  );
}

function CodeField(): JSX.Element {
  return (
    <Field
      label="Code"
      name="code"
      required
      autocomplete="one-time-code"
      hint="Six digits of your authenticator, or a recovery code."
    />
  );
}

function Codes({
  of: { recovery_codes: codes },
  onClose,
}: StepProps & { readonly of: RecoveryCodesView }): JSX.Element {
  return (
    <Dialog title="Your recovery codes" onClose={onClose} sticky>
      <p>Each signs you in once, should you lose your authenticator.</p>
      <Secret value={codes.join(" ")} warning="Keep them: they are not shown again." />
      <button type="button" class="primary" onClick={onClose}>
        I have them
      </button>
    </Dialog>
  );
}
