import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** It holds what is seen once: a click beside it does not close it. */
  readonly sticky?: boolean;
}

/** A modal dialog: the browser keeps the focus in it and closes it with Escape. */
export function Dialog({ title, onClose, children, sticky = false }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      // Its event comes after what replaced this dialog is there, and is no wish to close that.
      isGone.current = true;
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onClose={() => {
        if (!isGone.current) onClose();
      }}
      onClick={(event) => {
        if (!sticky && event.target === element.current) onClose();
      }}
    >
      <div class="dialog">
        <header class="card-head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="plain" aria-label="Close" onClick={onClose}>
            ✕
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
