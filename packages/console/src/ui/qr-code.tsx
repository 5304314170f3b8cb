import type { JSX } from "preact";
import { qrDrawingOf } from "../format/qr-code.ts";

/** A text for a camera; drawn here, so that a secret in it goes nowhere. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const { size, path } = qrDrawingOf(text);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path d={path} />
    </svg>
  );
}
