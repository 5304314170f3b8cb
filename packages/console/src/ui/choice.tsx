import type { JSX } from "preact";

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly options: readonly (readonly [value: Value, label: string])[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** A few alternatives side by side, of which one is chosen. */
export function Choice<Value extends string>({ label, options, value, onChange }: ChoiceProps<Value>): JSX.Element {
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map(([of, shown]) => (
        <button type="button" key={of} aria-pressed={of === value} onClick={() => onChange(of)}>
          {shown}
        </button>
      ))}
    </div>
  );
}
