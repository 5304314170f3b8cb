import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { ApiResult } from "../api/answer.ts";
import { useAction } from "../api/use-action.ts";
import { Dialog } from "./dialog.tsx";
import { Form } from "./form.tsx";

interface ConfirmProps {
  /** The button, and what is asked. */
  readonly label: string;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly perform: () => Promise<ApiResult<unknown>>;
  readonly onDone: () => void;
}

/** A button for what cannot be taken back: it asks first. */
export function ConfirmButton({ label, title, children, perform, onDone }: ConfirmProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const action = useAction(
    () => perform(),
    () => {
      setIsOpen(false);
      onDone();
    },
  );
  return (
    <>
      <button type="button" class="danger" onClick={() => setIsOpen(true)}>
        {label}
      </button>
      {isOpen ? (
        <Dialog title={title} onClose={() => setIsOpen(false)}>
          <Form action={action} submit={label} danger>
            <div>{children}</div>
          </Form>
        </Dialog>
      ) : null}
    </>
  );
}
