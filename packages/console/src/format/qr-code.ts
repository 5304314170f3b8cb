import { encode } from "uqr";

/** Light modules around a code, as ISO/IEC 18004 asks for. */
const QUIET_MODULES = 4;

export interface QrDrawing {
  /** Modules on a side. */
  readonly size: number;
  /** Of the dark modules, one unit each. */
  readonly path: string;
}

/** A text as a QR code to draw. */
export function qrDrawingOf(text: string): QrDrawing {
  const { size, data } = encode(text, { ecc: "M", border: QUIET_MODULES });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: dark.join("") };
}
