import type { ComponentChildren, JSX, TargetedSubmitEvent } from "preact";
import { useId } from "preact/hooks";
import type { Action } from "../api/use-action.ts";
import { Failure } from "./states.tsx";

interface FieldProps {
  readonly label: string;
  /** Its name in the form. */
  readonly name: string;
  readonly hint?: ComponentChildren;
  readonly type?: "text" | "email" | "password" | "number" | "url" | "datetime-local" | "date";
  readonly value?: string;
  readonly required?: boolean;
  readonly autocomplete?: string;
  readonly placeholder?: string;
  readonly inputMode?: "decimal" | "numeric";
  readonly minLength?: number;
}

/** A labelled text input; its hint is read with it. */
export function Field({ label, hint, value, ...given }: FieldProps): JSX.Element {
  const id = useId();
  // The types of inputs are a union by type and role, which a type that varies does not fit.
  const attributes: Readonly<Record<string, unknown>> = given;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        defaultValue={value ?? ""}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        {...attributes}
      />
      {hint === undefined ? null : (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextAreaProps extends Pick<FieldProps, "label" | "name" | "value"> {
  readonly hint: string;
  readonly rows: number;
}

/** A labelled text of several lines. */
export function TextArea({ label, hint, value, ...given }: TextAreaProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea id={id} defaultValue={value ?? ""} aria-describedby={`${id}-hint`} spellcheck={false} {...given} />
      <p id={`${id}-hint`} class="hint">
        {hint}
      </p>
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly name: string;
  /** Value and what it is called. */
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly value?: string;
  readonly onChange?: (value: string) => void;
}

export function Select({ label, name, options, value, onChange }: SelectProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} onChange={(event) => onChange?.(event.currentTarget.value)}>
        {options.map(([of, shown]) => (
          <option value={of} selected={of === value} key={of}>
            {shown}
          </option>
        ))}
      </select>
    </div>
  );
}

interface CheckProps {
  readonly label: ComponentChildren;
  readonly name: string;
  readonly value?: string;
  readonly checked?: boolean;
}

export function Check({ label, checked, ...input }: CheckProps): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" defaultChecked={checked ?? false} {...input} />
      <span>{label}</span>
    </label>
  );
}

interface FormProps {
  readonly action: Pick<Action<FormData>, "run" | "isRunning" | "error"> & { readonly isDone?: boolean };
  /** Said when it is carried out, where nothing else shows it. */
  readonly done?: string;
  readonly submit: string;
  readonly children: ComponentChildren;
  readonly inline?: boolean;
  readonly danger?: boolean;
}

/** A form that cannot be sent twice at once and shows what was refused. */
export function Form({ action, submit, children, done, inline = false, danger = false }: FormProps): JSX.Element {
  const send = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    action.run(new FormData(event.currentTarget));
  };
  return (
    <form class={inline ? "inline" : undefined} onSubmit={send}>
      {children}
      {action.error === null ? null : <Failure error={action.error} />}
      <button class={danger ? "primary danger" : "primary"} disabled={action.isRunning}>
        {submit}
      </button>
      {done === undefined ? null : (
        <p class="small good-text" role="status">
          {action.isDone === true ? done : ""}
        </p>
      )}
    </form>
  );
}

/** What a form says in a field, without spaces around it; empty when absent. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** The lines and comma-separated words of a field. */
export function wordsOf(form: FormData, name: string): readonly string[] {
  return textOf(form, name)
    .split(/[\s,]+/)
    .filter((word) => word !== "");
}
