import type { JSX } from "preact";
import { useState } from "preact/hooks";

/** Copies a text; says so, also to who cannot see it. */
export function CopyButton({ text, label = "Copy" }: { readonly text: string; readonly label?: string }): JSX.Element {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  const copy = (): void => {
    const show = (outcome: "yes" | "failed"): void => {
      setCopied(outcome);
      setTimeout(() => setCopied("no"), 2_000);
    };
    // Not there on an insecure origin.
    if (!("clipboard" in navigator)) return show("failed");
    navigator.clipboard.writeText(text).then(
      () => show("yes"),
      () => show("failed"),
    );
  };
  return (
    <button type="button" class="small" onClick={copy}>
      <span aria-live="polite">{{ no: label, yes: "Copied", failed: "Select and copy by hand" }[copied]}</span>
    </button>
  );
}

/** A secret that is shown once. */
export function Secret({ value, warning }: { readonly value: string; readonly warning: string }): JSX.Element {
  return (
    <div class="secret">
      <p>
        <strong>{warning}</strong>
      </p>
      <div class="code">
        <code>{value}</code>
        <CopyButton text={value} />
      </div>
    </div>
  );
}
